import CaseCore
import Testing

@testable import CaseWire

@Suite("How much a request may say")
struct SizeTests {
    private func error(_ method: Method, _ parameter: String, _ value: JSONValue) -> WireError? {
        let params = JSONValue.object([.init(parameter, value)])
        do throws(WireError) {
            switch method {
            case .command(let name): _ = try CommandRequest(params, of: Commands.ofClient(name))
            default: _ = try Parameters(params, of: method)
            }
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "P8: A byte more than a parameter takes is refused by its name, size and limit, of each parameter of each method; its limit is taken"
    )
    func limits() {
        for method in Method.allCases {
            for parameter in method.parameters {
                let text = String(repeating: "x", count: parameter.byteLimit)
                let refusal = error(method, parameter.name, .string(text + "x"))
                #expect(refusal?.kind == "params.too_long" && refusal?.code == .paramsInvalid, "\(method.rawValue): \(parameter.name)")
                #expect(refusal?.details["parameter"]?.string == parameter.name)
                #expect(refusal?.details["limit"]?.integer == Int64(parameter.byteLimit))
                #expect(refusal?.details["bytes"]?.integer == Int64(parameter.byteLimit + 1))
                #expect(error(method, parameter.name, .string(text))?.kind != "params.too_long", "\(method.rawValue): \(parameter.name)")
            }
        }
    }

    @Test("P8: Names, numbers, elements and texts of all depths count, in bytes of UTF-8")
    func counted() {
        let value = JSONValue.object([.init("é", .array([.string("面"), .integer(17), .null])), .init("b", .bool(true))])
        #expect(value.byteCount == (2 + (3 + 1) + (2 + 1) + (1 + 1) + 1) + (1 + 1 + 1))
        let many = JSONValue.array(Array(repeating: .string(""), count: ByteLimit.prose + 1))
        #expect(error("case.correct", "materials", many)?.kind == "params.too_long")
    }

    @Test("A text as long as its limit goes into a line, whatever has to be escaped in it, and a whole catalogue does")
    func lines() {
        let line = 1 << 20
        for method in Method.allCases where !method.rawValue.hasPrefix("catalog.") {
            let escaped = method.parameters.map { $0.byteLimit >= ByteLimit.fields ? $0.byteLimit : 6 * $0.byteLimit }.max() ?? 0
            #expect(escaped < line, "\(method.rawValue)")
        }
    }

    @Test("P8: The OpenRPC document states each limit, of a parameter and of all of a method's")
    func stated() throws {
        for method in try #require(OpenRPC.document["methods"]?.array) {
            let meant = try #require(Method(rawValue: method["name"]!.string!))
            let sizes = try #require(method["params"]?.array).map { $0["x-max-bytes"]?.integer }
            #expect(sizes == meant.parameters.map { Int64($0.byteLimit) })
            #expect(method["x-max-bytes"]?.integer ?? 0 >= sizes.reduce(0) { $0 + ($1 ?? 0) })
        }
    }
}
