import CaseStore

extension StoredFile {
    /// In the order in which it is made; of a case `c`.
    static let columns = """
        f.file AS file, f.sum AS sum, j.seq AS last_seq, j.revision AS last_revision, j.leaf AS leaf,
        CASE WHEN f.file IS NULL THEN j.event END AS event,
        (SELECT o.opening FROM openings o WHERE o.seq = j.seq AND f.file IS NULL) AS opening
        """
    static let tables = """
        LEFT JOIN files f ON f.case_id = c.id
        LEFT JOIN journal j ON j.case_id = c.id AND j.revision = (SELECT max(n.revision) FROM journal n WHERE n.case_id = c.id)
        """
}
