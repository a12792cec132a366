import Foundation
import Glibc

/// A file of a key, or of passwords: one that is there and cannot be read is not taken for none.
enum SmallFile {
    /// None is longer.
    private static let byteLimit = 1 << 16

    /// Nil where nothing has that name, not even a link that leads nowhere.
    static func bytes(of path: String) throws(Unusable) -> Data? {
        var entry = stat()
        guard lstat(path, &entry) == 0 else {
            guard errno == ENOENT else { throw Unusable("\(path) cannot be looked at: \(String(cString: strerror(errno)))") }
            return nil
        }
        guard stat(path, &entry) == 0, entry.st_mode & S_IFMT == S_IFREG, entry.st_size <= byteLimit,
            let data = FileManager.default.contents(atPath: path)
        else {
            throw Unusable("\(path) is no file of a key, or of passwords, that can be read: give it to the user of cased, or take it away")
        }
        return data
    }
}
