/// How far a department's matters are brought together: in its one approval office, at one window, in the online hall.
package struct Concentration: Equatable, Sendable {
    package let department: DepartmentID
    package let matterCount: Int
    package let inOfficeCount: Int
    /// Matters at the window that has the most of them.
    package let atWindowCount: Int
    package let onlineCount: Int
}

extension Register {
    /// A figure for each department that has matters.
    package var concentration: [Concentration] {
        Dictionary(grouping: matters.values) { department(of: $0) }.compactMap { department, matters in
            guard let department else { return nil }
            let office = approvalOffice(of: department)
            let windows = Dictionary(grouping: matters.compactMap(\.guide.window)) { $0 }
            return Concentration(
                department: department, matterCount: matters.count, inOfficeCount: matters.count { $0.assignment.office == office },
                atWindowCount: windows.values.map(\.count).max() ?? 0,
                onlineCount: matters.count { $0.guide.channels.contains("online") })
        }.sorted { $0.department < $1.department }
    }
}
