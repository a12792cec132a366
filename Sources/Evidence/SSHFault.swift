/// Why a key or a signature of SSH is not taken.
package enum SSHFault: Error, Equatable {
    /// It is not of the form; which part is not, in a few words for a log.
    case malformed(String)
    /// A kind of key, signature, cipher or hash that is not taken here, by its name in SSH.
    case unsupported(String)
    /// A private key under a password.
    case encrypted
    /// The signature is for another purpose.
    case otherNamespace(String)
    /// The key did not make this signature over this message.
    case badSignature
    /// The hardware key says that nobody touched it.
    case untouched
}
