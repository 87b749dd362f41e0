import Bytes

/// Why a number does not fit where it is wanted. N.B. the codes are those of release 6.1, which gives them new meanings.
extension Status {
    static let lostPrecision = Status(-400)
    static let changedSign = Status(-401)
}

extension Value {
    /// The number as an object of another numeric type can hold it. A real number loses what is behind its point without
    /// complaint; out of range is LOST_PRECISION, a negative number for an unsigned type CHANGE_SIGN, what is no number
    /// BAD_PARAM.
    public func number(as wanted: DataType) throws(Status) -> Content {
        guard Value.isNumber(type), Value.isNumber(wanted) else { throw .badParameter }
        if wanted == type { return content }
        let isUnsigned: Bool
        let bits: Int
        switch wanted {
        case .size, .uint64: (isUnsigned, bits) = (true, 64)
        case .uint, .uint32, .procRank: (isUnsigned, bits) = (true, 32)
        case .uint16: (isUnsigned, bits) = (true, 16)
        case .uint8: (isUnsigned, bits) = (true, 8)
        case .int64: (isUnsigned, bits) = (false, 64)
        case .int16: (isUnsigned, bits) = (false, 16)
        case .int8: (isUnsigned, bits) = (false, 8)
        case .float, .double: return .real(try real(fitting: wanted))
        default: (isUnsigned, bits) = (false, 32)
        }
        return isUnsigned ? .unsigned(try unsigned(bits)) : .signed(try signed(bits))
    }

    private func unsigned(_ bits: Int) throws(Status) -> UInt64 {
        let number: UInt64
        switch content {
        case .unsigned(let value): number = value
        case .signed(let value):
            guard value >= 0 else { throw .changedSign }
            number = UInt64(value)
        case .real(let value):
            guard !(value < 0) else { throw .changedSign }
            guard value < 18_446_744_073_709_551_616 else { throw .lostPrecision }
            number = UInt64(value)
        default: throw .badParameter
        }
        guard bits == 64 || number >> UInt64(bits) == 0 else { throw .lostPrecision }
        return number
    }

    private func signed(_ bits: Int) throws(Status) -> Int64 {
        let number: Int64
        switch content {
        case .unsigned(let value):
            guard let fitting = Int64(exactly: value) else { throw .lostPrecision }
            number = fitting
        case .signed(let value): number = value
        case .real(let value):
            guard value >= -9_223_372_036_854_775_808, value < 9_223_372_036_854_775_808 else { throw .lostPrecision }
            number = Int64(value)
        default: throw .badParameter
        }
        let most = Int64.max >> Int64(64 - bits)
        guard number <= most, number >= -most - 1 else { throw .lostPrecision }
        return number
    }

    private func real(fitting wanted: DataType) throws(Status) -> Double {
        let number: Double
        switch content {
        case .unsigned(let value): number = Double(value)
        case .signed(let value): number = Double(value)
        case .real(let value): number = value
        default: throw .badParameter
        }
        if wanted == .float, number.isFinite, !Float(number).isFinite { throw .lostPrecision }
        return number
    }

    private static func isNumber(_ type: DataType) -> Bool {
        switch type {
        case .size, .pid, .int, .int8, .int16, .int32, .int64, .uint, .uint8, .uint16, .uint32, .uint64, .float,
            .double, .status, .procRank:
            true
        default: false
        }
    }
}
