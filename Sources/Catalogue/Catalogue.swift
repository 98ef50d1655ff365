public import Coverage
public import RuleIR

/// All that the reference pages say, as values; the same input gives the same pages.
public struct Catalogue: Sendable {
  /// What the pages are made of.
  public struct Material: Sendable {
    /// One a set of operations, all with the same entries: the rules of `rules` that are in the matrix, in order.
    public var matrices: [CoverageMatrix]
    public var rules: [CatalogueRule]
    /// The vendors in the order in which they are shown.
    public var vendors: [String]
    public var fields: [CatalogueField]
    public var techniqueName: @Sendable (String) -> String?
    /// Why a value of a field is in no event; nil where some may have it.
    public var neverSeen: @Sendable (Indicator) -> String?

    public init(
      matrices: [CoverageMatrix], rules: [CatalogueRule], vendors: [String], fields: [CatalogueField],
      techniqueName: @escaping @Sendable (String) -> String?, neverSeen: @escaping @Sendable (Indicator) -> String?
    ) {
      self.matrices = matrices
      self.rules = rules
      self.vendors = vendors
      self.fields = fields
      self.techniqueName = techniqueName
      self.neverSeen = neverSeen
    }
  }

  /// An operation with its place in the matrices.
  struct Row: Sendable {
    var operation: Operation
    var matrix: Int
    var index: Int
    var resource: String
    var page: String
    /// Its place among all rows.
    var position: Int
    /// How firmly each entry of the matrix covers it.
    var firmness: [Firmness]
    /// The entries that cover it for its own sake.
    var covering: [Int]
    /// Of each entry what must hold further for it to fire, or why that is not known.
    var conditions: [Int: String]
  }

  let material: Material
  let rows: [Row]
  /// The positions in `rules` of the matrix's entries.
  let entries: [Int]
  /// The position in `entries` of each rule; nil where it is not in the matrix.
  let entryOfRule: [Int?]
  let rulePages: [String]
  let resourcePages: [String: String]
  let fieldPages: [FieldPath: String]
  let techniquePages: [String: String]
  /// What each entry looks for.
  let indicators: [(vendor: String, indicators: RuleIndicators)]
  let collection: IndicatorCollection
  /// The vendors that have a rule in the matrix.
  let vendors: [String]
  /// The entries that test each field.
  let entriesTesting: [FieldPath: [Int]]
  /// The rules that name each technique.
  let rulesNaming: [String: [Int]]
  /// The rows that each entry covers for its own sake.
  let rowsCovered: [[Int]]
  /// Each row as a line of a matrix.
  private(set) var lines: [EventValue] = []
  /// Each rule as a line of a list.
  private(set) var ruleLines: [EventObject] = []

  public init(_ material: Material) {
    self.material = material
    var names = PageNames()
    let entries = material.rules.indices.filter { material.rules[$0].entry != nil }
    self.entries = entries
    var entryOfRule = [Int?](repeating: nil, count: material.rules.count)
    for (entry, rule) in entries.enumerated() { entryOfRule[rule] = entry }
    self.entryOfRule = entryOfRule
    rulePages = material.rules.map { names.page($0.pageName, in: "rules/" + PageNames.plain($0.vendorFolder)) }
    indicators = entries.map { index in
      let rule = material.rules[index]
      return (rule.vendor, RuleIndicators(rule.entry?.body ?? .predicate(.never)))
    }
    collection = IndicatorCollection(indicators)
    let present = Set(entries.map { material.rules[$0].vendor })
    vendors = material.vendors.filter(present.contains)
    var testing: [FieldPath: [Int]] = [:]
    for (entry, found) in indicators.enumerated() {
      for field in Set(found.indicators.wanted.union(found.indicators.excluded).map(\.field)) {
        testing[field, default: []].append(entry)
      }
    }
    entriesTesting = testing
    var naming: [String: [Int]] = [:]
    for (index, rule) in material.rules.enumerated() {
      for technique in rule.techniques { naming[technique, default: []].append(index) }
    }
    rulesNaming = naming
    var rows: [Row] = []
    for (number, matrix) in material.matrices.enumerated() {
      for (index, operation) in matrix.operations.operations.enumerated() {
        let firmness = matrix.firmness[index]
        rows.append(
          Row(
            operation: operation, matrix: number, index: index, resource: matrix.operations.resource(of: operation),
            page: names.page(operation.id, in: "operations"), position: rows.count, firmness: firmness,
            covering: firmness.indices.filter { firmness[$0] == .always || firmness[$0] == .sometimes },
            conditions: Self.conditions(matrix, index)))
      }
    }
    self.rows = rows
    var covered = [[Int]](repeating: [], count: entries.count)
    for (index, row) in rows.enumerated() {
      for entry in row.covering { covered[entry].append(index) }
    }
    rowsCovered = covered
    resourcePages = Self.pages(rows.map(\.resource), in: "resources", &names)
    techniquePages = Self.pages(material.rules.flatMap(\.techniques).sorted(), in: "techniques", &names)
    var fieldPages: [FieldPath: String] = [:]
    let tested = testing.keys.sorted { $0.description < $1.description }
    for field in material.fields.map(\.path) + rows.flatMap(\.operation.fields) + tested
    where fieldPages[field] == nil {
      fieldPages[field] = names.page(field.dotted, in: "fields")
    }
    self.fieldPages = fieldPages
    lines = rows.map(line)
    ruleLines = material.rules.indices.map(line(ofRule:))
  }

  private static func pages(_ names: [String], in folder: String, _ taken: inout PageNames) -> [String: String] {
    var pages: [String: String] = [:]
    for name in names where pages[name] == nil { pages[name] = taken.page(name, in: folder) }
    return pages
  }

  private static func conditions(_ matrix: CoverageMatrix, _ index: Int) -> [Int: String] {
    var conditions: [Int: String] = [:]
    for (entry, firmness) in matrix.firmness[index].enumerated() {
      switch firmness {
      case .sometimes: conditions[entry] = matrix.furtherConditions(index, entry)
      case .unknown(let reason): conditions[entry] = reason
      case .always, .incidentally, .never: break
      }
    }
    return conditions
  }

  /// What a page is about.
  public enum Subject: Hashable, Sendable {
    case index, rules, fields, techniques, backlog
    case resource(String)
    case operation(Int)
    case field(FieldPath)
    case technique(String)
    case rule(Int)
  }

  /// Every page that there is, in order.
  public var subjects: [Subject] {
    [.index, .rules, .fields, .techniques, .backlog] + resources.map { .resource($0.key) }
      + rows.indices.map { .operation($0) }
      + fieldPages.keys.sorted { $0.description < $1.description }.map { .field($0) }
      + techniquePages.keys.sorted().map { .technique($0) } + material.rules.indices.map { .rule($0) }
  }

  /// A page; made when it is asked for, so that not all are in memory together.
  public func page(_ subject: Subject) -> CataloguePage {
    switch subject {
    case .index: indexPage
    case .rules: ruleListPage
    case .fields: fieldListPage
    case .techniques: techniqueListPage
    case .backlog: backlogPage
    case .resource(let name): resourcePage(name, rows.filter { $0.resource == name })
    case .operation(let index): operationPage(rows[index])
    case .field(let path): fieldPage(path)
    case .technique(let id): techniquePage(id)
    case .rule(let index): rulePage(index)
    }
  }

  var resources: [(key: String, elements: [Row])] { rows.grouped(by: \.resource) }
  func rule(_ entry: Int) -> CatalogueRule { material.rules[entries[entry]] }
  func observation(_ row: Row) -> CoverageMatrix.Observation? { material.matrices[row.matrix].observation }
}

extension OperationSet {
  /// The resource that an operation is about, or the title of the set where none is named.
  fileprivate func resource(of operation: Operation) -> String {
    let wanted = RuleIndicators(.predicate(operation.predicate)).wanted
    let resource = FieldPath(keys: "objectRef", "resource")
    let named = wanted.filter { $0.field == resource && $0.kind == .equals }.map(\.value).sorted()
    return named.isEmpty ? title : named.joined(separator: ", ")
  }
}

extension CatalogueRule {
  /// The file's name without its folders and ends.
  fileprivate var pageName: String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.split(separator: ".").first.map(String.init) ?? name
  }

  fileprivate var vendorFolder: String { vendor.isEmpty ? "unread" : vendor }
}
