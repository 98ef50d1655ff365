# What a newcomer types: `make demo` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build demo test lint

help:
	@echo "make demo    build, convert the shipped rules, prove them on the samples, print the coverage"
	@echo "make test    everything that CI runs"

setup:
	@scripts/setup

build: setup
	swift build -c release --product cognate

lint: setup
	swift format lint --strict --parallel -r Sources Tests Package.swift

test: lint
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build -q

demo: build
	@scripts/demo
