# What a newcomer types: `make demo` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build demo test test-web lint

help:
	@echo "make demo    build, convert the shipped rules, prove them on the samples, print the coverage"
	@echo "make test    everything that CI runs"
	@echo "make test-web    the pages of the catalogue in a headless Chromium, which it installs"

setup:
	@scripts/setup

build: setup
	swift build -c release --product cognate

lint: setup
	swift format lint --strict --parallel -r Sources Tests Package.swift

test: lint
	swift build --build-tests --explicit-target-dependency-import-check error
	scripts/setup --with chromium python3
	python3 Tests/Web/web_test.py
	swift test --skip-build -q

test-web: setup
	scripts/setup --with chromium python3
	swift build --product cognate
	python3 Tests/Web/web_test.py

demo: build
	@scripts/demo
