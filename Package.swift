// swift-tools-version: 6.2
import PackageDescription

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")

/// Debug builds, which tests run, look for overlapping accesses at run time; in release that would cost a price suggestion 4 %.
let releaseSettings: [SwiftSetting] = [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

func shared(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Shared/\(name)", exclude: exclude, swiftSettings: releaseSettings
    )
}

func service(_ name: String, folder: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: "Services/\(folder)")
}

/// What every suggestion service is made of.
let serviceParts: [Target.Dependency] = [
    "SuggestionService", "Suggesters", "ModelBundles", "Listings", "WireFormat", "RPC", "ServiceHost",
]

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests")
}

let package = Package(
    name: "listing-assist",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "listing-assist", targets: ["listing-assist"]),
        .executable(name: "price-service", targets: ["price-service"]),
        .executable(name: "category-title-service", targets: ["category-title-service"]),
        .executable(name: "tag-service", targets: ["tag-service"]),
        .executable(name: "violation-service", targets: ["violation-service"]),
        .library(name: "FeatureExtraction", targets: ["FeatureExtraction"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: ["JSON", "CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // System libraries, installed by `make setup`.
        .systemLibrary(name: "CMeCab", path: "Shared/CMeCab", providers: [.apt(["libmecab-dev"])]),
        .systemLibrary(
            name: "CProtobufC", path: "Shared/CProtobufC", pkgConfig: "libprotobuf-c",
            providers: [.apt(["libprotobuf-c-dev"])]),
        .systemLibrary(name: "CZlib", path: "Shared/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // What a listing is, and how it is read and kept.
        shared("Listings"),
        shared("ListingFiles", ["Listings", "CZlib"]),
        shared("ListingStore", ["Listings", "ListingFiles", grdb]),
        shared("Synthesis", ["Listings"]),
        shared("OutcomeLog", ["Listings", grdb]),

        // From a draft to a suggestion.
        shared("Memory"),
        shared("Parallel"),
        shared(
            "FeatureExtraction", ["Listings", "Memory", "Parallel", "CMeCab"],
            exclude: ["Normalization/make_folding_table.py"]),
        // Vector code: evaluates trees, sums histograms. Optimised in debug builds too, as nothing in it needs stepping.
        .target(name: "CTrees", path: "Shared/CTrees", cSettings: [.unsafeFlags(["-O3"])]),
        shared("GradientBoosting", ["CTrees", "Memory"]),
        shared("LinearModels", ["Memory"]),
        shared("ModelBundles", ["Listings", crypto]),
        shared("Suggesters", ["FeatureExtraction", "GradientBoosting", "LinearModels", "Memory", "ModelBundles"]),
        shared("ViolationRules", ["Suggesters", "Listings", yams]),
        shared(
            "Training",
            [
                "Suggesters", "GradientBoosting", "CTrees", "LinearModels", "FeatureExtraction", "ModelBundles",
                "Parallel",
            ]),

        // From a frame to an answer.
        .target(name: "CListingAssistProtos", dependencies: ["CProtobufC"], path: "Shared/CListingAssistProtos"),
        shared("WireFormat", ["Listings", "CListingAssistProtos", "CProtobufC"]),
        .target(name: "CKeepAwake", path: "Shared/CKeepAwake"),
        shared("RPC", ["CKeepAwake", nioCore, nioPosix, logging]),
        shared("LoadGeneration", ["RPC", nioCore, histogram]),
        shared("RPCSecurity", ["RPC", nioCore, nioSSL, nioTLS]),
        shared(
            "ServiceHost",
            [
                "RPC", "RPCSecurity", "ModelBundles", nioCore, nioPosix, nioHTTP1, logging, metrics, coreMetrics,
                configuration,
                lifecycle,
            ]),

        shared(
            "SuggestionService",
            [
                "Suggesters", "ModelBundles", "Listings", "OutcomeLog", "WireFormat", "RPC", "ServiceHost",
            ]),

        service(
            "listing-assist", folder: "ListingAssist",
            [
                "Listings", "ListingFiles", "ListingStore", "Synthesis", "Suggesters", "Training", "ModelBundles",
                "WireFormat", "RPC", "RPCSecurity", "LoadGeneration", "FeatureExtraction", "Parallel", "ViolationRules",
                nioCore, nioPosix, argumentParser,
            ]),
        service("price-service", folder: "PriceService", serviceParts),
        service("category-title-service", folder: "CategoryTitleService", serviceParts),
        service("tag-service", folder: "TagService", serviceParts),
        .executableTarget(
            name: "violation-service", dependencies: serviceParts + ["ViolationRules", logging],
            path: "Services/ViolationService", exclude: ["rules.yaml"]),

        .executableTarget(
            name: "import-benchmark", dependencies: ["ListingStore", "ListingFiles"],
            path: "Tests/Benchmarks/Import"),
        .executableTarget(
            name: "categories-benchmark", dependencies: ["Suggesters", "ModelBundles", "ListingFiles", "Listings"],
            path: "Tests/Benchmarks/Categories", exclude: ["make_listings.py"]),
        .executableTarget(
            name: "titles-benchmark", dependencies: ["Suggesters", "Training", "Listings", "Synthesis"],
            path: "Tests/Benchmarks/Titles"),
        .executableTarget(
            name: "attributes-benchmark",
            dependencies: ["Suggesters", "Training", "FeatureExtraction", "ListingFiles", "Listings", "Synthesis"],
            path: "Tests/Benchmarks/Attributes"),
        .executableTarget(
            name: "service-load",
            dependencies: [
                "Suggesters", "ModelBundles", "ListingFiles", "Listings", "Parallel", "WireFormat", "RPC",
                "LoadGeneration", nioCore, nioPosix, nioHTTP1, argumentParser,
            ],
            path: "Tests/Benchmarks/ServiceLoad"),
        .executableTarget(
            name: "violations-benchmark",
            dependencies: [
                "ViolationRules", "Suggesters", "Training", "FeatureExtraction", "LinearModels", "ListingFiles",
                "Listings", "Synthesis",
            ],
            path: "Tests/Benchmarks/Violations"),
        .executableTarget(
            name: "trees-benchmark", dependencies: ["GradientBoosting", "Training", argumentParser],
            path: "Tests/Benchmarks/Trees"),
        .target(name: "TestSupport", dependencies: ["Listings", "CMeCab"], path: "Tests/TestSupport"),
        tests("Listings", ["Listings"]),
        tests("ListingFiles", ["ListingFiles", "Listings", "TestSupport"]),
        tests("ListingStore", ["ListingStore", "ListingFiles", "Listings", "TestSupport", grdb]),
        tests("Synthesis", ["Synthesis", "Listings"]),
        tests("FeatureExtraction", ["FeatureExtraction", "Listings", "Synthesis", "TestSupport"]),
        tests("GradientBoosting", ["GradientBoosting", "Training"]),
        tests("LinearModels", ["LinearModels", "Training", "TestSupport"]),
        tests("ModelBundles", ["ModelBundles", "Listings", "TestSupport"]),
        tests(
            "Suggesters",
            [
                "LinearModels", "ModelBundles", "FeatureExtraction", "Suggesters", "Training", "Synthesis",
                "ListingFiles", "Listings", "TestSupport",
            ]),
        tests(
            "ViolationRules",
            ["ViolationRules", "Suggesters", "FeatureExtraction", "Listings", "TestSupport"]),
        tests("WireFormat", ["WireFormat", "Listings", "CListingAssistProtos", "TestSupport"]),
        tests("RPC", ["RPC", nioCore, nioPosix, logging]),
        tests("RPCSecurity", ["RPCSecurity", "RPC", "TestSupport", nioCore, logging]),
        tests("OutcomeLog", ["OutcomeLog", "Listings", "TestSupport", grdb]),
        .testTarget(
            name: "InteropTests",
            dependencies: [
                "listing-assist", "price-service", "category-title-service", "tag-service", "violation-service", "RPC",
                "TestSupport", nioCore, logging,
            ],
            path: "Tests/InteropTests", exclude: ["Go"]),
        tests(
            "ServiceHost",
            [
                "ServiceHost", "RPC", "RPCSecurity", "ModelBundles", "price-service", "listing-assist", "TestSupport",
                nioCore, logging, coreMetrics,
            ]),
        tests(
            "PriceService",
            [
                "price-service", "listing-assist", "Suggesters", "Training", "ModelBundles", "ListingFiles", "Listings",
                "Parallel", "WireFormat", "RPC", "TestSupport", nioCore,
            ]),
        tests(
            "CategoryTitleService",
            [
                "category-title-service", "listing-assist", "Suggesters", "ModelBundles", "ListingFiles", "Listings",
                "WireFormat", "RPC", "TestSupport", nioCore,
            ]),
        tests(
            "TagService",
            [
                "tag-service", "listing-assist", "Suggesters", "ModelBundles", "ListingFiles", "Listings", "WireFormat",
                "RPC", "TestSupport", nioCore,
            ]),
        tests(
            "ViolationService",
            [
                "violation-service", "listing-assist", "ViolationRules", "Suggesters", "ModelBundles", "Listings",
                "WireFormat", "RPC", "TestSupport", nioCore,
            ]),
        tests(
            "ListingAssist", ["listing-assist", "price-service", "ModelBundles", "ListingStore", "TestSupport", grdb]),
    ]
)

// Tests/sanitize.sh builds a few tests with what they need, and nothing else.
if let tests = Context.environment["LISTING_ASSIST_ONLY_TESTS"] {
    let targets = Dictionary(uniqueKeysWithValues: package.targets.map { ($0.name, $0) })
    var open = tests.split(separator: " ").map(String.init)
    var needed: Set<String> = []
    while let name = open.popLast() {
        guard let target = targets[name], needed.insert(name).inserted else { continue }
        for case .byNameItem(let name, _) in target.dependencies { open.append(name) }
    }
    package.targets.removeAll { !needed.contains($0.name) }
    package.products = []
}
