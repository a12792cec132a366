import CaseTesting
import Testing

@testable import Evidence

/// Roots and proofs, against values that others published and against the definition.
@Suite("Merkle trees")
struct MerkleTreeTests {
    // MARK: Published values

    /// Those of the certificate-transparency implementations: eight entries, and the root of each beginning of them.
    private static let entries: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], Array(0x40...0x43), Array(0x50...0x57), Array(0x60...0x6F),
    ]
    private static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    private let tiles = StoredTiles(Self.entries.map { .leaf($0) })

    @Test("Each beginning of the eight published entries has the published root, from the edge and from tiles")
    func publishedRoots() throws {
        var edge = TreeEdge()
        #expect(edge.root.hexadecimal == Self.roots[0])
        #expect(try tiles.root(ofSize: 0).hexadecimal == Self.roots[0])
        for (entry, root) in zip(Self.entries, Self.roots.dropFirst()) {
            edge.append(.leaf(entry))
            #expect(edge.root.hexadecimal == root)
            #expect(try tiles.root(ofSize: edge.size).hexadecimal == root)
        }
    }

    @Test(
        "A published proof of inclusion is made, and verified",
        arguments: [
            (0, 1, []),
            (
                0, 8,
                [
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]
            ),
            (
                5, 8,
                [
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]
            ),
            (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
            (
                1, 5,
                [
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]
            ),
        ] as [(Int, Int, [String])])
    func publishedInclusion(index: Int, size: Int, hashes: [String]) throws {
        let proof = try tiles.inclusionProof(ofLeaf: Int64(index), inSize: Int64(size))
        #expect(proof.map(\.hexadecimal) == hashes)
        let root = MerkleHash(hexadecimal: Self.roots[size])
        #expect(
            MerkleProof.verifyInclusion(of: .leaf(Self.entries[index]), at: Int64(index), inSize: Int64(size), root: root, proof: proof))
    }

    @Test(
        "A published proof of consistency is made, and verified",
        arguments: [
            (1, 1, []),
            (
                1, 8,
                [
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]
            ),
            (
                6, 8,
                [
                    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]
            ),
            (
                2, 5,
                [
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]
            ),
        ] as [(Int, Int, [String])])
    func publishedConsistency(old: Int, new: Int, hashes: [String]) throws {
        let proof = try tiles.consistencyProof(from: Int64(old), to: Int64(new))
        #expect(proof.map(\.hexadecimal) == hashes)
        #expect(
            MerkleProof.verifyConsistency(
                from: Int64(old), root: MerkleHash(hexadecimal: Self.roots[old]), to: Int64(new),
                root: MerkleHash(hexadecimal: Self.roots[new]),
                proof: proof))
    }

    /// The nodes have the letters of the drawing in RFC 6962, section 2.1.3.
    @Test("The tree of seven leaves in the RFC has the paths and proofs that stand there")
    func sevenLeaves() throws {
        let leaves = (0..<7).map { MerkleHash.leaf([UInt8($0)]) }
        let (a, b, c, d, e, f, j) = (leaves[0], leaves[1], leaves[2], leaves[3], leaves[4], leaves[5], leaves[6])
        let (g, h, i) = (MerkleHash.node(a, b), MerkleHash.node(c, d), MerkleHash.node(e, f))
        let (k, l) = (MerkleHash.node(g, h), MerkleHash.node(i, j))
        let tiles = StoredTiles(leaves)
        #expect(try tiles.root(ofSize: 7) == .node(k, l))
        #expect(try tiles.inclusionProof(ofLeaf: 0, inSize: 7) == [b, h, l])
        #expect(try tiles.inclusionProof(ofLeaf: 3, inSize: 7) == [c, g, l])
        #expect(try tiles.inclusionProof(ofLeaf: 4, inSize: 7) == [f, j, k])
        #expect(try tiles.inclusionProof(ofLeaf: 6, inSize: 7) == [i, k])
        #expect(try tiles.consistencyProof(from: 3, to: 7) == [c, d, g, l])
        #expect(try tiles.consistencyProof(from: 4, to: 7) == [l])
        #expect(try tiles.consistencyProof(from: 6, to: 7) == [i, j, k])
    }

    // MARK: The definition

    private static let sizes: [Int] = {
        var random = SeededRandom(seed: 19)
        return Array(0...40) + [255, 256, 257, 511, 512, 513] + (0..<25).map { _ in Int.random(in: 0...3000, using: &random) }
    }()

    @Test("Roots from the edge, from tiles and from the definition agree at each size up to 3,000")
    func roots() throws {
        let naive = NaiveTree(size: 3000)
        var edge = TreeEdge()
        let tiles = StoredTiles()
        for size in 0...3000 {
            if size > 0 {
                edge.append(naive.leaves[size - 1])
                tiles.append(naive.leaves[size - 1])
            }
            let root = naive.root(0..<size)
            #expect(edge.root == root && edge.size == Int64(size))
            #expect(try tiles.root(ofSize: Int64(size)) == root)
        }
        #expect(try tiles.root(ofSize: 1234) == naive.root(0..<1234), "an older size stays readable")
    }

    @Test("Around 2^16, where a second level fills, roots and proofs are those of the definition")
    func secondLevel() throws {
        let naive = NaiveTree(size: 65_800)
        let tiles = StoredTiles(naive.leaves)
        var edge = TreeEdge()
        for leaf in naive.leaves { edge.append(leaf) }
        #expect(edge.root == naive.root(0..<65_800))
        for size in [65_535, 65_536, 65_537, 65_791, 65_792, 65_793] {
            #expect(try tiles.root(ofSize: Int64(size)) == naive.root(0..<size))
            for index in [0, 255, 256, 40_000, 65_534, size - 1] {
                #expect(try tiles.inclusionProof(ofLeaf: Int64(index), inSize: Int64(size)) == naive.path(index, 0..<size))
            }
            for old in [1, 256, 65_280, 65_535, 65_536].filter({ $0 <= size }) {
                #expect(try tiles.consistencyProof(from: Int64(old), to: Int64(size)) == naive.subproof(old, 0..<size, true))
            }
        }
    }

    @Test("Proofs of inclusion are those of the definition and verify", arguments: sizes)
    func inclusion(size: Int) throws {
        let naive = NaiveTree(size: size)
        let tiles = StoredTiles(naive.leaves)
        let root = naive.root(0..<size)
        for index in 0..<size where size < 300 || index % 37 == 0 || index == size - 1 {
            let proof = try tiles.inclusionProof(ofLeaf: Int64(index), inSize: Int64(size))
            #expect(proof == naive.path(index, 0..<size))
            #expect(MerkleProof.verifyInclusion(of: naive.leaves[index], at: Int64(index), inSize: Int64(size), root: root, proof: proof))
            #expect(try tiles.leaf(at: Int64(index), inSize: Int64(size)) == naive.leaves[index])
        }
    }

    @Test("Proofs of consistency are those of the definition and verify", arguments: sizes)
    func consistency(size: Int) throws {
        let naive = NaiveTree(size: size)
        let tiles = StoredTiles(naive.leaves)
        for old in 0...size where size < 300 || old % 41 == 0 || old == size - 1 {
            let proof = try tiles.consistencyProof(from: Int64(old), to: Int64(size))
            #expect(proof == (old == 0 ? [] : naive.subproof(old, 0..<size, true)))
            #expect(
                MerkleProof.verifyConsistency(
                    from: Int64(old), root: naive.root(0..<old), to: Int64(size), root: naive.root(0..<size), proof: proof))
        }
    }

    // MARK: Changes

    @Test("A proof of inclusion with one bit changed, in the proof, the leaf, the root or the place, is refused", arguments: 1...70)
    func changedInclusion(size: Int) throws {
        let naive = NaiveTree(size: size)
        let root = naive.root(0..<size)
        func verifies(_ leaf: MerkleHash, _ index: Int64, _ root: MerkleHash, _ proof: [MerkleHash]) -> Bool {
            MerkleProof.verifyInclusion(of: leaf, at: index, inSize: Int64(size), root: root, proof: proof)
        }
        for index in Set([0, 1, size / 3, size - 2, size - 1]) where (0..<size).contains(index) {
            let (leaf, proof) = (naive.leaves[index], naive.path(index, 0..<size))
            for bit in stride(from: index % 7, to: 256, by: 7) {
                #expect(!verifies(leaf.turned(bit), Int64(index), root, proof))
                #expect(!verifies(leaf, Int64(index), root.turned(bit), proof))
                for place in proof.indices {
                    var changed = proof
                    changed[place] = changed[place].turned(bit)
                    #expect(!verifies(leaf, Int64(index), root, changed))
                }
            }
            for bit in 0..<64 { #expect(!verifies(leaf, Int64(index) ^ 1 << bit, root, proof)) }
            for place in proof.indices {
                #expect(!verifies(leaf, Int64(index), root, Array(proof[..<place] + proof[(place + 1)...])))
            }
            for more in [leaf, root] + proof {
                #expect(!verifies(leaf, Int64(index), root, proof + [more]))
                #expect(!verifies(leaf, Int64(index), root, [more] + proof))
            }
        }
    }

    @Test("A proof of consistency with one bit changed, in the proof or a root, or with a hash more or less, is refused", arguments: 2...40)
    func changedConsistency(size: Int) throws {
        let naive = NaiveTree(size: size)
        let root = naive.root(0..<size)
        for old in 1..<size {
            let (oldRoot, proof) = (naive.root(0..<old), naive.subproof(old, 0..<size, true))
            func verifies(_ oldRoot: MerkleHash, _ root: MerkleHash, _ proof: [MerkleHash]) -> Bool {
                MerkleProof.verifyConsistency(from: Int64(old), root: oldRoot, to: Int64(size), root: root, proof: proof)
            }
            for bit in stride(from: old % 61, to: 256, by: 61) {
                #expect(!verifies(oldRoot.turned(bit), root, proof))
                #expect(!verifies(oldRoot, root.turned(bit), proof))
                for place in proof.indices {
                    var changed = proof
                    changed[place] = changed[place].turned(bit)
                    #expect(!verifies(oldRoot, root, changed))
                }
            }
            for place in proof.indices { #expect(!verifies(oldRoot, root, Array(proof[..<place] + proof[(place + 1)...]))) }
            for more in [oldRoot, root] + proof {
                #expect(!verifies(oldRoot, root, proof + [more]))
                #expect(!verifies(oldRoot, root, [more] + proof))
            }
        }
    }

    /// Whether a wrong size is seen depends on the way alone: the root does not say how many leaves it is over. What the module says is
    /// compared with the definition; a checkpoint with a changed size has no good signature (see `TlogProofTests`).
    @Test("A proof under another size verifies exactly where the way to the root is the same one")
    func changedSizes() throws {
        let naive = NaiveTree(size: 33)
        for size in 1...33 {
            let root = naive.root(0..<size)
            for index in 0..<size {
                let proof = naive.path(index, 0..<size)
                for other in 0...40 {
                    let verifies = MerkleProof.verifyInclusion(
                        of: naive.leaves[index], at: Int64(index), inSize: Int64(other), root: root, proof: proof)
                    #expect(
                        verifies == (index < other && sides(index, 0..<size) == sides(index, 0..<other)), "\(index) in \(size), \(other)")
                }
            }
        }
    }

    /// On which side each hash of a path lies, from the leaf on.
    private func sides(_ index: Int, _ range: Range<Int>) -> [Bool] {
        guard range.count > 1 else { return [] }
        var power = 1
        while power * 2 < range.count { power *= 2 }
        let middle = range.lowerBound + power
        return index < middle ? sides(index, range.lowerBound..<middle) + [true] : sides(index, middle..<range.upperBound) + [false]
    }

    @Test("Sizes that belong to no tree are refused: negative ones, greater old ones, places beyond the end, the greatest numbers")
    func ends() throws {
        let tiles = StoredTiles([.leaf([1]), .leaf([2])])
        #expect(throws: TreeFault.outside(2, size: 2)) { try tiles.inclusionProof(ofLeaf: 2, inSize: 2) }
        #expect(throws: TreeFault.outside(-1, size: 2)) { try tiles.leaf(at: -1, inSize: 2) }
        #expect(throws: TreeFault.outside(3, size: 2)) { try tiles.consistencyProof(from: 3, to: 2) }
        #expect(throws: TreeFault.outside(-1, size: -1)) { try tiles.root(ofSize: -1) }
        #expect(throws: TreeFault.incomplete(Tile(.hashes(level: 0), index: 0, width: 3), found: 2)) { try tiles.root(ofSize: 3) }
        #expect(throws: TreeFault.incomplete(Tile(.hashes(level: 0), index: 0, width: 3), found: 2)) {
            try TileGrowth(size: 3, from: tiles)
        }
        let root = try tiles.root(ofSize: 2)
        for (old, new) in [(-1, 2), (3, 2), (Int64.min, Int64.max), (0, -1)] {
            #expect(!MerkleProof.verifyConsistency(from: old, root: root, to: new, root: root, proof: []))
        }
        #expect(!MerkleProof.verifyInclusion(of: root, at: .max, inSize: .max, root: root, proof: []))
        #expect(!MerkleProof.verifyInclusion(of: root, at: .max - 1, inSize: .max, root: root, proof: Array(repeating: root, count: 100)))
        #expect(!MerkleProof.verifyConsistency(from: 0, root: root, to: 2, root: root, proof: []), "the empty tree has one root")
    }

    // MARK: The edge

    @Test("An edge is read from its bytes as it was, and from no other ones")
    func edgeBytes() throws {
        var edge = TreeEdge()
        for size in 0...130 {
            let bytes = edge.bytes
            #expect(bytes.count == 8 + 32 * size.nonzeroBitCount)
            #expect(TreeEdge(bytes: bytes) == edge)
            #expect(TreeEdge(bytes: bytes + [0]) == nil && TreeEdge(bytes: bytes.dropLast()) == nil)
            #expect(TreeEdge(bytes: bytes + edge.root.bytes) == nil, "a root too many")
            if size > 0 { #expect(TreeEdge(bytes: bytes.dropLast(32)) == nil, "a root too few") }
            edge.append(.leaf([UInt8(size)]))
        }
        #expect(TreeEdge(bytes: [0x80, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 32)) == nil, "no size is below zero")
        #expect(TreeEdge().bytes == [UInt8](repeating: 0, count: 8))
    }
}
