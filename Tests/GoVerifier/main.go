// Goverifier checks an exported log of cased with the packages of Go's checksum database, and has nothing in common with cased:
// golang.org/x/mod/sumdb/note for signatures, golang.org/x/mod/sumdb/tlog for trees.
//
//	goverifier log DIR ORIGIN VKEY [CHECKPOINT ...]
//	goverifier proof FILE ORIGIN VKEY ENTRY
//	goverifier decision DIR ORIGIN VKEY STATEMENT
//	goverifier cosigned FILE WITNESS-VKEY
//	goverifier witness ORIGIN VKEY NAME SEED SEEN
//
// The first computes the tree anew from the entries, compares it with the signed checkpoint and with each tile, proves each entry's place by
// tiles alone, and shows that the trees of older checkpoints are beginnings of it. The second checks one .tlog-proof of the entry in a file. The
// third proves by tiles that the entry whose index a statement names is in the log, and that it holds this statement. The fourth checks the
// cosignature of a witness (C2SP tlog-cosignature). The last is a witness: it takes the body of add-checkpoint (C2SP tlog-witness) on standard
// input, and answers with its signature, or with the size that it has seen, which it keeps with its root in the file SEEN. SEED, of 64 digits, is
// its private key.
//
// Exit codes: 0 all is right; 1 something is not, and is said; 64 wrong usage.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/ioutil"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8
const span = 1 << height

func main() {
	var said string
	var err error
	switch {
	case len(os.Args) >= 5 && os.Args[1] == "log":
		said, err = checkLog(os.Args[2], os.Args[3], os.Args[4], os.Args[5:])
	case len(os.Args) == 6 && os.Args[1] == "proof":
		said, err = checkProof(os.Args[2], os.Args[3], os.Args[4], os.Args[5])
	case len(os.Args) == 6 && os.Args[1] == "decision":
		said, err = checkDecision(os.Args[2], os.Args[3], os.Args[4], os.Args[5])
	case len(os.Args) == 4 && os.Args[1] == "cosigned":
		said, err = checkCosigned(os.Args[2], os.Args[3])
	case len(os.Args) == 7 && os.Args[1] == "witness":
		err = witness(os.Args[2], os.Args[3], os.Args[4], os.Args[5], os.Args[6])
		if err == nil {
			return
		}
	default:
		fmt.Fprintln(os.Stderr, "usage: goverifier log DIR ORIGIN VKEY [CHECKPOINT ...] | proof FILE ORIGIN VKEY ENTRY |")
		fmt.Fprintln(os.Stderr, "    decision DIR ORIGIN VKEY STATEMENT | cosigned FILE WITNESS-VKEY | witness ORIGIN VKEY NAME SEED SEEN")
		os.Exit(64)
	}
	if err != nil {
		fmt.Println("WRONG:", err)
		os.Exit(1)
	}
	fmt.Println("OK:", said)
}

// openCheckpoint believes a signed checkpoint of one log.
func openCheckpoint(signed []byte, origin, vkey string) (tree tlog.Tree, err error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tree, fmt.Errorf("the checkpoint: %v", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 {
		return tree, errors.New("the checkpoint has too few lines")
	}
	if lines[0] != origin {
		return tree, fmt.Errorf("the checkpoint is of the log %q", lines[0])
	}
	tree.N, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || tree.N < 0 || strconv.FormatInt(tree.N, 10) != lines[1] {
		return tree, fmt.Errorf("the checkpoint has the size %q", lines[1])
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

// path is that of a tile by tlog-tiles; Go's own differs.
func path(folder string, n int64, width int) string {
	name := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		name = fmt.Sprintf("x%03d/%s", n%1000, name)
	}
	if width < span {
		name += ".p/" + strconv.Itoa(width)
	}
	return "tile/" + folder + "/" + name
}

// folder reads tiles for tlog.TileHashReader, which checks them against the root.
type folder string

func (f folder) Height() int { return height }

func (f folder) ReadTiles(tiles []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range tiles {
		bytes, err := ioutil.ReadFile(filepath.Join(string(f), path(strconv.Itoa(tile.L), tile.N, tile.W)))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// hashes are those of a tree in the order of tlog.StoredHashes.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) (read []tlog.Hash, err error) {
	for _, index := range indexes {
		if index >= int64(len(h)) {
			return nil, fmt.Errorf("there is no hash %d", index)
		}
		read = append(read, h[index])
	}
	return read, nil
}

// entries reads the entries of a log of n, and what lies beside them.
func entries(dir string, n int64) (all [][]byte, err error) {
	for index := int64(0); index*span < n; index++ {
		width := int64(span)
		if n-index*span < width {
			width = n - index*span
		}
		name := path("entries", index, int(width))
		bundle, err := ioutil.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		count := int64(0)
		for ; len(bundle) > 0; count++ {
			if len(bundle) < 2 || len(bundle) < 2+int(bundle[0])<<8+int(bundle[1]) {
				return nil, fmt.Errorf("%s ends within an entry", name)
			}
			length := int(bundle[0])<<8 + int(bundle[1])
			entry := bundle[2 : 2+length]
			if err := beside(dir, entry); err != nil {
				return nil, fmt.Errorf("entry %d: %v", index*span+count, err)
			}
			all = append(all, entry)
			bundle = bundle[2+length:]
		}
		if count != width {
			return nil, fmt.Errorf("%s has %d entries", name, count)
		}
	}
	return all, nil
}

// beside checks the event for which an entry stands, where it was too long to be one itself.
func beside(dir string, entry []byte) error {
	lines := strings.Split(string(entry), "\n")
	if lines[0] != "cased/long-event@v1" {
		return nil
	}
	if len(lines) != 4 || lines[3] != "" {
		return errors.New("it is no entry for a long event")
	}
	digest, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil {
		return err
	}
	event, err := ioutil.ReadFile(filepath.Join(dir, "long", hex.EncodeToString(digest)))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(event)
	if !bytes.Equal(sum[:], digest) || strconv.Itoa(len(event)) != lines[1] {
		return errors.New("the long event beside it is another one")
	}
	return nil
}

func checkLog(dir, origin, vkey string, older []string) (string, error) {
	signed, err := ioutil.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return "", err
	}
	tree, err := openCheckpoint(signed, origin, vkey)
	if err != nil {
		return "", err
	}
	all, err := entries(dir, tree.N)
	if err != nil {
		return "", err
	}
	var stored hashes
	for index, entry := range all {
		added, err := tlog.StoredHashes(int64(index), entry, stored)
		if err != nil {
			return "", err
		}
		stored = append(stored, added...)
	}
	root := tlog.Hash(sha256.Sum256(nil))
	if tree.N > 0 {
		if root, err = tlog.TreeHash(tree.N, stored); err != nil {
			return "", err
		}
	}
	if root != tree.Hash {
		return "", fmt.Errorf("the entries make the root %v and not %v", root, tree.Hash)
	}
	// Each tile, against hashes of the entries.
	for level := uint(0); tree.N>>(level*height) > 0; level++ {
		row := tree.N >> (level * height)
		for index := int64(0); index*span < row; index++ {
			tile := tlog.Tile{H: height, L: int(level), N: index, W: span}
			if row-index*span < span {
				tile.W = int(row - index*span)
			}
			right, err := tlog.ReadTileData(tile, stored)
			if err != nil {
				return "", err
			}
			there, err := folder(dir).ReadTiles([]tlog.Tile{tile})
			if err != nil {
				return "", err
			}
			if !bytes.Equal(there[0], right) {
				return "", fmt.Errorf("%s is not what the entries make", path(strconv.Itoa(tile.L), tile.N, tile.W))
			}
		}
	}
	// Each entry's place, by tiles alone.
	reader := tlog.TileHashReader(tree, folder(dir))
	step := tree.N/1000 + 1
	for index := int64(0); index < tree.N; index += step {
		proof, err := tlog.ProveRecord(tree.N, index, reader)
		if err != nil {
			return "", err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(all[index])); err != nil {
			return "", fmt.Errorf("entry %d: %v", index, err)
		}
	}
	for _, name := range older {
		signed, err := ioutil.ReadFile(name)
		if err != nil {
			return "", err
		}
		old, err := openCheckpoint(signed, origin, vkey)
		if err != nil {
			return "", fmt.Errorf("%s: %v", name, err)
		}
		if err := checkBeginning(old, tree, reader); err != nil {
			return "", fmt.Errorf("the tree of %s is no beginning of this one: %v", name, err)
		}
	}
	return fmt.Sprintf("%d entries, root %v, %d older checkpoints", tree.N, root, len(older)), nil
}

func checkBeginning(old, tree tlog.Tree, reader tlog.HashReader) error {
	if old.N > tree.N {
		return fmt.Errorf("it has %d entries and this one %d", old.N, tree.N)
	}
	if old.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, old.N, reader)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
}

func checkProof(file, origin, vkey, entryFile string) (string, error) {
	all, err := ioutil.ReadFile(file)
	if err != nil {
		return "", err
	}
	entry, err := ioutil.ReadFile(entryFile)
	if err != nil {
		return "", err
	}
	halves := bytes.SplitN(all, []byte("\n\n"), 2)
	if len(halves) != 2 {
		return "", errors.New("it is no proof")
	}
	lines := strings.Split(string(halves[0]), "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || len(lines) < 2 {
		return "", errors.New("it is no proof")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return "", errors.New("it names no index")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return "", err
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return "", err
		}
		proof = append(proof, hash)
	}
	tree, err := openCheckpoint(halves[1], origin, vkey)
	if err != nil {
		return "", err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return "", err
	}
	return fmt.Sprintf("entry %d of %d", index, tree.N), nil
}

// checkDecision proves that the entry that a statement names is in the log, and holds the statement.
func checkDecision(dir, origin, vkey, file string) (string, error) {
	statement, err := ioutil.ReadFile(file)
	if err != nil {
		return "", err
	}
	index := int64(-1)
	for _, line := range strings.Split(string(statement), "\n") {
		if strings.HasPrefix(line, "index: ") {
			if index, err = strconv.ParseInt(strings.TrimPrefix(line, "index: "), 10, 64); err != nil {
				return "", err
			}
		}
	}
	signed, err := ioutil.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return "", err
	}
	tree, err := openCheckpoint(signed, origin, vkey)
	if err != nil {
		return "", err
	}
	if index < 0 || index >= tree.N {
		return "", fmt.Errorf("it names no place among %d entries", tree.N)
	}
	all, err := entries(dir, tree.N)
	if err != nil {
		return "", err
	}
	entry := all[index]
	proof, err := tlog.ProveRecord(tree.N, index, tlog.TileHashReader(tree, folder(dir)))
	if err != nil {
		return "", err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return "", fmt.Errorf("entry %d: %v", index, err)
	}
	text := entry
	if lines := strings.Split(string(entry), "\n"); lines[0] == "cased/long-event@v1" {
		digest, err := base64.StdEncoding.DecodeString(lines[2])
		if err != nil {
			return "", err
		}
		if text, err = ioutil.ReadFile(filepath.Join(dir, "long", hex.EncodeToString(digest))); err != nil {
			return "", err
		}
	}
	var event interface{}
	if err := json.Unmarshal(text, &event); err != nil {
		return "", fmt.Errorf("entry %d: %v", index, err)
	}
	if !holds(event, string(statement)) {
		return "", fmt.Errorf("entry %d holds another statement", index)
	}
	return fmt.Sprintf("the statement is in entry %d of %d", index, tree.N), nil
}

// holds says whether an event has the statement as a member of that name.
func holds(value interface{}, statement string) bool {
	switch value := value.(type) {
	case map[string]interface{}:
		for name, member := range value {
			if text, ok := member.(string); ok && name == "statement" && text == statement || holds(member, statement) {
				return true
			}
		}
	case []interface{}:
		for _, member := range value {
			if holds(member, statement) {
				return true
			}
		}
	}
	return false
}

// cosigner is a note.Verifier for cosignature/v1, which the package note does not have.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
	time uint64
}

const cosignature = 4

// cosignerHash is the key ID of a witness.
func cosignerHash(name string, key ed25519.PublicKey) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n"+string(rune(cosignature))), key...))
	return binary.BigEndian.Uint32(sum[:4])
}

// cosigned is what a witness signs at a time.
func cosigned(text []byte, seconds uint64) []byte {
	return append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", seconds)), text...)
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	c.time = binary.BigEndian.Uint64(signature)
	return ed25519.Verify(c.key, cosigned(text, c.time), signature[8:])
}

func checkCosigned(file, vkey string) (string, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return "", errors.New("it is no key of a witness")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != cosignature {
		return "", errors.New("it is no key of a witness")
	}
	by := &cosigner{name: parts[0], key: key[1:]}
	by.hash = cosignerHash(by.name, by.key)
	if fmt.Sprintf("%08x", by.hash) != parts[1] {
		return "", errors.New("it is no key of a witness")
	}
	signed, err := ioutil.ReadFile(file)
	if err != nil {
		return "", err
	}
	if _, err := note.Open(signed, note.VerifierList(by)); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s signed at %d", by.name, by.time), nil
}

func witness(origin, vkey, name, seed, seen string) error {
	private, err := hex.DecodeString(seed)
	if err != nil || len(private) != ed25519.SeedSize {
		return errors.New("it is no seed")
	}
	body, err := ioutil.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	halves := bytes.SplitN(body, []byte("\n\n"), 2)
	lines := strings.Split(string(halves[0]), "\n")
	if len(halves) != 2 || !strings.HasPrefix(lines[0], "old ") {
		return errors.New("it is no body of add-checkpoint")
	}
	size, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(halves[1], origin, vkey)
	if err != nil {
		return err
	}
	var old tlog.Tree
	if kept, err := ioutil.ReadFile(seen); err == nil {
		if old, err = tlog.ParseTree(kept); err != nil {
			return err
		}
	}
	if size != old.N {
		fmt.Println(old.N)
		return nil
	}
	var proof tlog.TreeProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	if old.N == tree.N && old.Hash != tree.Hash {
		return errors.New("another root of the same size")
	}
	if old.N > 0 && old.N != tree.N {
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
			return err
		}
	}
	if err := ioutil.WriteFile(seen, tlog.FormatTree(tree), 0o666); err != nil {
		return err
	}
	key := ed25519.NewKeyFromSeed(private)
	text := halves[1][:bytes.LastIndex(halves[1], []byte("\n\n"))+1]
	line := make([]byte, 12)
	seconds := uint64(time.Now().Unix())
	binary.BigEndian.PutUint32(line, cosignerHash(name, key.Public().(ed25519.PublicKey)))
	binary.BigEndian.PutUint64(line[4:], seconds)
	line = append(line, ed25519.Sign(key, cosigned(text, seconds))...)
	fmt.Printf("\u2014 %s %s\n", name, base64.StdEncoding.EncodeToString(line))
	return nil
}
