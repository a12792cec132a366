/// The version of the product, as every program prints it.
package let productVersion = "0.1.0"

/// The version of the wire contract: only ever added to within one number.
package let protocolVersion = 1
