import CaseCore

/// Clients ask for the nearest name as the core does.
package typealias Likeness = CaseCore.Likeness
