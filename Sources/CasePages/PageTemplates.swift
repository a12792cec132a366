import Mustache

/// The templates of pages by their names. Each is read with the project's own rule of escaping in front of it: the library's own goes by
/// character, so that a quote with a combining mark would pass, and comes back at the beginning of each template.
package struct PageTemplates: Sendable {
    private let library: MustacheLibrary

    /// - Parameter own: further ones, as bytes of UTF-8; one with the name of one of `Templates` takes its place.
    package init(_ own: [String: [UInt8]] = [:]) {
        MustacheContentTypes.register(PageText(), named: "PAGE")
        MustacheContentTypes.register(FieldText(), named: "VALUE")
        library = MustacheLibrary(templates: PageTemplates.common.merging(own) { $1 }.mapValues(PageTemplates.template))
    }

    /// - Parameters:
    ///   - template: its name.
    ///   - content: a value whose members are what the template names.
    package func html(_ template: String, _ content: Any) -> String {
        guard let page = library.render(content, withTemplate: template) else { preconditionFailure("there is no template \(template)") }
        return page
    }

    /// - Parameters:
    ///   - content: what the template names first of all.
    ///   - frame: what it finds where the content has no such member.
    package func html(_ template: String, _ content: Any, in frame: Any) -> String {
        html(template, Framed(values: [content, frame]))
    }

    private struct Framed: MustacheParent {
        let values: [Any]

        func child(named name: String) -> Any? {
            for value in values {
                guard let member = Mirror(reflecting: value).children.first(where: { $0.label == name })?.value else { continue }
                let mirror = Mirror(reflecting: member)
                guard mirror.displayStyle == .optional else { return member }
                if let inner = mirror.children.first?.value { return inner }
            }
            return nil
        }
    }

    /// The style of all pages, by itself.
    package static let style = PackageResources.style_css

    /// `value` is what a field of a form holds.
    private static let common = [
        "value": Array("{{% CONTENT_TYPE:VALUE}}{{value}}".utf8),
        "page": PackageResources.page_mustache, "style": PackageResources.style_css, "table": PackageResources.table_mustache,
        "facts": PackageResources.facts_mustache, "bars": PackageResources.bars_mustache,
        "duty-list": PackageResources.duty_list_mustache, "guide": PackageResources.guide_mustache,
        "report": PackageResources.report_mustache, "decision": PackageResources.decision_mustache,
    ]

    private static func template(_ bytes: [UInt8]) -> MustacheTemplate {
        do { return try MustacheTemplate(string: "{{% CONTENT_TYPE:PAGE}}\n" + String(decoding: bytes, as: UTF8.self)) } catch {
            preconditionFailure("a template cannot be read: \(error)")
        }
    }

    private struct FieldText: MustacheContentType {
        func escapeText(_ text: String) -> String { Escaped.value(text) }
    }

    private struct PageText: MustacheContentType {
        func escapeText(_ text: String) -> String { Escaped.html(text) }
    }
}
