import CaseCore
import WorkingTime

/// What somebody typed, in the form in which a case has it: any spacing and any digits are good in a number, any usual writing in a date.
enum FieldValue {
    /// What cannot be read as what the field asks for stays as it was typed: then it is no misunderstanding that it does not fit.
    static func canonical(_ typed: String, _ kind: MatterField.Kind) -> String {
        let text = Form.trimmed(typed)
        return switch kind {
        case .line, .choice: text
        case .text: text.replacing("\r\n", with: "\n")
        case .number: number(text) ?? text
        case .date: date(text)?.description ?? text
        }
    }

    /// Digits of any width, grouped by white space, apostrophes, or commas before each third one.
    private static func number(_ text: String) -> String? {
        let plain = narrow(text).filter { !$0.properties.isWhitespace && !["'", "\u{2019}", "_"].contains($0) }
        let number = String(String.UnicodeScalarView(plain))
        guard number.wholeMatch(of: /-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?/) != nil else { return nil }
        return number.replacing(",", with: "")
    }

    /// Year, month and day, with anything between them, or in eight digits.
    private static func date(_ text: String) -> Day? {
        let plain = String(String.UnicodeScalarView(narrow(text)))
        if let parts = plain.wholeMatch(of: /([0-9]{4})([0-9]{2})([0-9]{2})/)?.output {
            return Day(year: Int(parts.1)!, month: Int(parts.2)!, day: Int(parts.3)!)
        }
        guard let parts = plain.wholeMatch(of: /([0-9]{4})[\s年\-\/.]+([0-9]{1,2})[\s月\-\/.]+([0-9]{1,2})\s*日?/)?.output else { return nil }
        return Day(year: Int(parts.1)!, month: Int(parts.2)!, day: Int(parts.3)!)
    }

    /// Wide digits and signs as those of ASCII.
    private static func narrow(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.map { scalar in
            switch scalar.value {
            case 0xFF0B...0xFF19: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
            case 0x2010...0x2013, 0x2212: "-"
            default: scalar
            }
        }
    }
}
