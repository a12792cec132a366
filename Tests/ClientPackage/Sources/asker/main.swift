import CaseClient
import CaseWire

// Asks a server who it is, and for a matter that it does not have: a program that uses nothing but what is public.
let cased = PatientClient(path: CommandLine.arguments[1])
let info = try cased.read("server.info", [:]).get()
print(info["name"]?.string ?? "", info["clock"]?.string ?? "")
let params: JSONValue = [
    "matter": "nothing", "title": "x", "applicant": .object([.init("id", "A"), .init("name", "N")]), "materials": ["form"],
]
switch try cased.command("case.submit", params, key: "asker-1") {
case .success: print("submitted")
case .failure(let error): print(error.kind)
}
