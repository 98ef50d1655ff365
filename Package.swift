// swift-tools-version: 6.2

import PackageDescription

/// The vendors, each a target of its own, so that none can see another; and the rule model's own form.
let vendors = ["Sigma", "Elastic", "Splunk", "Sentinel", "Panther", "Neutral"]

let package = Package(
  name: "Cognate",
  products: [
    .executable(name: "cognate", targets: ["cognate"]),
    .library(name: "Cognate", targets: ["Cognate"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // Native libraries, each behind one thin module.
    .systemLibrary(
      name: "CYAML", path: "Sources/CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    .systemLibrary(
      name: "CCrypto", path: "Sources/CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CSQLite", path: "Sources/CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CZstd", linkerSettings: [.linkedLibrary("zstd")]),
    .target(name: "CPCRE2", linkerSettings: [.linkedLibrary("pcre2-8")]),
    .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    // The mapping and operation files, carried inside the program.
    .target(name: "CResources", cSettings: [.disableWarning("c23-extensions")]),

    // The layers, each seeing only those above it.
    .target(name: "SourceText"),
    .target(name: "RuleIR", dependencies: ["SourceText"]),
    .target(name: "Documents", dependencies: ["SourceText", "CYAML"]),
    .target(
      name: "LanguageSupport", dependencies: ["SourceText", "RuleIR", "Documents"],
      path: "Sources/Vendors/Shared"),
    .target(name: "FieldMapping", dependencies: ["SourceText", "RuleIR", "Documents", "LanguageSupport"]),
    .target(name: "Matcher", dependencies: ["SourceText", "RuleIR", "CRE2", "CPCRE2"]),
    .target(name: "Events", dependencies: ["SourceText", "RuleIR", "CZlib", "CZstd", "CSimdJSON"]),
    .target(name: "FastMatch", dependencies: ["SourceText", "RuleIR", "Matcher", "Events"]),
    .target(name: "Proof", dependencies: ["SourceText", "RuleIR"]),
    .target(
      name: "Coverage", dependencies: ["SourceText", "RuleIR", "Documents", "LanguageSupport", "Matcher", "Proof"]),
    .target(
      name: "Catalogue",
      dependencies: ["SourceText", "RuleIR", "Coverage", .product(name: "Mustache", package: "swift-mustache")]),
    .target(
      name: "Translation",
      dependencies: [
        "SourceText", "RuleIR", "Documents", "LanguageSupport", "FieldMapping", "Matcher", "Proof", "Coverage",
        "CResources",
      ]
        + vendors.map { .byName(name: $0) }),
    // What other programs import, and the command uses itself; its folder's name must not differ by case alone.
    .target(
      name: "Cognate",
      dependencies: [
        "SourceText", "RuleIR", "LanguageSupport", "FieldMapping", "Matcher", "Events", "FastMatch", "Translation",
      ], path: "Sources/Library"),
    .executableTarget(
      name: "cognate",
      dependencies: [
        "Cognate",
        "SourceText", "RuleIR", "Documents", "LanguageSupport", "FieldMapping", "Matcher", "Events",
        "FastMatch", "Coverage", "Catalogue", "Proof", "Translation", "CCrypto", "CSQLite",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Measures the prover for `scripts/proof`; no part of the program.
    .executableTarget(
      name: "ProofMeasurement",
      dependencies: [
        "SourceText", "RuleIR", "LanguageSupport", "FieldMapping", "Proof", "Translation", "TestSupport",
      ]),

    .target(
      name: "TestSupport", dependencies: ["SourceText", "RuleIR", "Documents", "Events"], path: "Tests/TestSupport"),
    .testTarget(name: "SourceTextTests", dependencies: ["SourceText"]),
    .testTarget(name: "RuleIRTests", dependencies: ["RuleIR", "SourceText", "Matcher", "TestSupport"]),
    .testTarget(name: "DocumentsTests", dependencies: ["Documents", "SourceText", "TestSupport"]),
    .testTarget(
      name: "FieldMappingTests",
      dependencies: [
        "FieldMapping", "RuleIR", "SourceText", "Documents", "CResources", "Events", "Matcher", "TestSupport",
      ]),
    .testTarget(name: "MatcherTests", dependencies: ["Matcher", "RuleIR", "SourceText", "TestSupport"]),
    .testTarget(name: "ProofTests", dependencies: ["Proof", "RuleIR", "SourceText", "Matcher", "TestSupport"]),
    .testTarget(
      name: "FastMatchTests", dependencies: ["FastMatch", "Matcher", "Events", "RuleIR", "SourceText", "TestSupport"]),
    .testTarget(name: "EventsTests", dependencies: ["Events", "RuleIR", "SourceText", "CZlib", "CZstd", "Matcher"]),
    .testTarget(
      name: "CoverageTests",
      dependencies: ["Coverage", "Documents", "Matcher", "Proof", "RuleIR", "SourceText", "TestSupport"]),
    .testTarget(
      name: "CatalogueTests", dependencies: ["Catalogue", "Coverage", "Matcher", "Proof", "RuleIR", "SourceText"]),
    .testTarget(
      name: "TranslationTests",
      dependencies: [
        "Translation", "RuleIR", "SourceText", "Documents", "LanguageSupport", "FieldMapping", "Matcher", "Events",
        "Coverage", "Proof", "TestSupport",
      ]),
    .testTarget(name: "CognateTests", dependencies: ["Cognate"]),
    .testTarget(name: "CommandTests", dependencies: ["cognate"]),
  ]
    + vendors.map {
      .target(
        name: $0, dependencies: ["SourceText", "RuleIR", "Documents", "LanguageSupport"],
        path: "Sources/Vendors/\($0)")
    }
    + vendors.map {
      .testTarget(
        name: "\($0)Tests",
        dependencies: [
          .byName(name: $0), "SourceText", "RuleIR", "Documents", "LanguageSupport", "Matcher", "TestSupport",
        ],
        path: "Tests/Vendors/\($0)Tests")
    },
  cxxLanguageStandard: .cxx17
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
  ]
}
