/// A plot as SVG that is part of a page, as `plot.mustache` shows it. Each series has a hue and a lightness of its own, so that it is told
/// apart in grey and in print.
struct Plot {
    let width: Int
    let height: Int
    /// For whoever does not see it.
    let label: String
    let keys: [Key]
    /// The height of the line on which columns stand; nil where there is none.
    let baseline: Int?
    let shapes: [Shape]

    struct Key {
        let text: String
        let fill: String
    }

    /// Either a bar or a caption.
    struct Shape {
        let bar: Bar?
        let caption: Caption?
    }

    struct Bar {
        let x: Int
        let y: Int
        let width: Int
        let height: Int
        let fill: String
        let title: String
    }

    struct Caption {
        let x: Int
        let y: Int
        let anchor: String
        let text: String
    }

    /// What is plotted for one label.
    struct Entry {
        let label: String
        let values: [Int]
    }

    /// For good, middling and bad: told apart also by people who see no red or green.
    private static let judging = ["#2f6f9f", "#e0b040", "#a02020"]
    private static let neutral = ["#9db7c9", "#2f6f9f", "#a02020"]

    private init(width: Int, height: Int, _ shapes: [Shape], legend: [String], _ fills: [String], baseline: Int? = nil) {
        self.width = width
        self.height = height
        label = legend.joined(separator: ", ")
        keys = zip(legend, fills).map { Key(text: $0, fill: $1) }
        self.baseline = baseline
        self.shapes = shapes
    }

    /// A bar a row, its parts one after the other, with the sum behind it.
    static func stacked(_ entries: [Entry], legend: [String]) -> Plot {
        let largest = max(1, entries.map { $0.values.reduce(0, +) }.max() ?? 1)
        let (left, width, step) = (260, 640, 30)
        var shapes: [Shape] = []
        for (place, entry) in entries.enumerated() {
            let y = place * step
            // Wide characters take two columns of the limit.
            shapes.append(caption(left - 12, y + 19, Terminal.cut(entry.label, to: 34), anchor: "end"))
            var x = left
            for (part, value) in entry.values.enumerated() where value > 0 {
                let length = max(1, value * width / largest)
                shapes.append(bar(x, y + 4, length, 20, judging[part], "\(legend[part]): \(value)"))
                x += length
            }
            shapes.append(caption(x + 8, y + 19, "\(entry.values.reduce(0, +))", anchor: "start"))
        }
        return Plot(width: 1000, height: max(1, entries.count) * step, shapes, legend: legend, judging)
    }

    /// Columns side by side for each label.
    static func columns(_ entries: [Entry], legend: [String]) -> Plot {
        let largest = max(1, entries.flatMap(\.values).max() ?? 1)
        let (height, step, width) = (180, 1000 / max(1, entries.count), 20)
        var shapes: [Shape] = []
        for (place, entry) in entries.enumerated() {
            let middle = place * step + step / 2
            shapes.append(caption(middle, 220, entry.label, anchor: "middle"))
            for (part, value) in entry.values.enumerated() where value > 0 {
                let x = middle + (part * 2 - entry.values.count) * width / 2
                let length = max(1, value * height / largest)
                shapes.append(bar(x, 200 - length, width - 2, length, neutral[part], "\(entry.label), \(legend[part]): \(value)"))
                if value == largest { shapes.append(caption(x + width / 2, 194 - length, "\(value)", anchor: "middle")) }
            }
        }
        return Plot(width: 1000, height: 230, shapes, legend: legend, neutral, baseline: 200)
    }

    private static func bar(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ fill: String, _ title: String) -> Shape {
        Shape(bar: Bar(x: x, y: y, width: width, height: height, fill: fill, title: title), caption: nil)
    }

    private static func caption(_ x: Int, _ y: Int, _ text: String, anchor: String) -> Shape {
        Shape(bar: nil, caption: Caption(x: x, y: y, anchor: anchor, text: text))
    }
}
