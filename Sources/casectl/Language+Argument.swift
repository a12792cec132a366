import ArgumentParser
import CasePages

extension Language: ExpressibleByArgument {}
