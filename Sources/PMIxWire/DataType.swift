/// The type code of a value (`pmix_data_type_t`). Codes 29 and 70 upward that a release added for itself are read
/// from peers of that release.
public enum DataType: UInt16, Sendable {
    case undefined = 0
    case bool, byte, string, size, pid
    case int, int8, int16, int32, int64
    case uint, uint8, uint16, uint32, uint64
    case float, double, timeval, time, status
    case value, proc, app, info, pdata
    case buffer, byteObject, keyValue
    case persistence = 30
    case pointer, scope, dataRange, command, infoDirectives, dataType, procState, procInfo, dataArray, procRank, query
    case compressedString, allocDirective, infoArray, iofChannel, envar, coordinate, regattr, regex
    case jobState, linkState, cpuset, geometry, deviceDistance, endpoint, topology, deviceType, localityType
    case compressedByteObject, procNamespace, procStats, diskStats, netStats, nodeStats, dataBuffer
    case storageMedium, storageAccess, storagePersistence, storageAccessType
    case device, resourceBlockDirective, resourceUnit, nodePID
}
