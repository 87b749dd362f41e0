import CSpread
import Spread

/// The body of a message the library delivered, whose length the interface does not pass along.
private func body(_ start: UnsafePointer<CChar>?) throws(SpreadError) -> MembershipBody {
    guard let start else { throw .illegalMessage }
    return MembershipBody([UnsafeRawBufferPointer(start: start, count: Limits.kept)])
}

private func body(_ scattered: UnsafePointer<scatter>?) throws(SpreadError) -> MembershipBody {
    MembershipBody(try pieces(scattered))
}

@c @implementation
public func SP_get_memb_info(
    _ message: UnsafePointer<CChar>?, _ type: service, _ info: UnsafeMutablePointer<membership_info>?
) -> Int32 {
    status { () throws(SpreadError) in try describe(type, info) { () throws(SpreadError) in try body(message) } }
}

@c @implementation
public func SP_scat_get_memb_info(
    _ message: UnsafePointer<scatter>?, _ type: service, _ info: UnsafeMutablePointer<membership_info>?
) -> Int32 {
    status { () throws(SpreadError) in try describe(type, info) { () throws(SpreadError) in try body(message) } }
}

@c @implementation
public func SP_get_vs_sets_info(
    _ message: UnsafePointer<CChar>?, _ sets: UnsafeMutablePointer<vs_set_info>?, _ most: UInt32,
    _ own: UnsafeMutablePointer<UInt32>?
) -> Int32 {
    status { () throws(SpreadError) in try list(try body(message), sets, most, own) }
}

@c @implementation
public func SP_scat_get_vs_sets_info(
    _ message: UnsafePointer<scatter>?, _ sets: UnsafeMutablePointer<vs_set_info>?, _ most: UInt32,
    _ own: UnsafeMutablePointer<UInt32>?
) -> Int32 {
    status { () throws(SpreadError) in try list(try body(message), sets, most, own) }
}

@c @implementation
public func SP_get_vs_set_members(
    _ message: UnsafePointer<CChar>?, _ set: UnsafePointer<vs_set_info>?, _ members: UnsafeMutablePointer<CChar>?,
    _ most: UInt32
) -> Int32 {
    status { () throws(SpreadError) in try list(try body(message), set, members, most) }
}

@c @implementation
public func SP_scat_get_vs_set_members(
    _ message: UnsafePointer<scatter>?, _ set: UnsafePointer<vs_set_info>?, _ members: UnsafeMutablePointer<CChar>?,
    _ most: UInt32
) -> Int32 {
    status { () throws(SpreadError) in try list(try body(message), set, members, most) }
}

@c @implementation
public func SP_equal_group_ids(_ left: group_id, _ right: group_id) -> Int32 {
    left.id == right.id ? 1 : 0
}

/// Never of use: the original lists nothing either, in any version.
@c(SP_query_groups)
public func queryGroups(_ mbox: Int32, _ most: Int32, _ groups: UnsafeMutablePointer<CChar>?) -> Int32 { -1 }

@c(SP_query_members)
public func queryMembers(
    _ mbox: Int32, _ group: UnsafePointer<CChar>?, _ most: Int32, _ members: UnsafeMutablePointer<CChar>?
) -> Int32 { -1 }

private func describe(
    _ type: service, _ info: UnsafeMutablePointer<membership_info>?, _ body: () throws(SpreadError) -> MembershipBody
) throws(SpreadError) -> Int32 {
    let type = UInt32(bitPattern: type)
    guard let info, Service.isMembership(type) else { throw .illegalMessage }
    var described = membership_info()
    if type & (Service.regularMembership | Service.transition) != 0 {
        let body = try body()
        let identity = try body.identity()
        described.gid.id = (identity.process, identity.time, identity.index)
        if type & Service.regularMembership != 0 {
            described.num_vs_sets = try body.setCount()
            let own = try body.ownSet()
            described.my_vs_set = vs_set_info(num_members: own.memberCount, members_offset: own.offset)
            if type & Service.causedByNetwork == 0, own.memberCount > 0 {
                let name = try body.name(at: Int(own.offset))
                withUnsafeMutableBytes(of: &described.changed_member) { room in
                    if let place = room.baseAddress { name.write(to: place) }
                }
            }
        }
    }
    info.pointee = described
    return 1
}

private func list(
    _ body: MembershipBody, _ sets: UnsafeMutablePointer<vs_set_info>?, _ most: UInt32,
    _ own: UnsafeMutablePointer<UInt32>?
) throws(SpreadError) -> Int32 {
    let found = try body.sets(atMost: sets == nil ? 0 : Int(most))
    for (place, set) in found.sets.enumerated() {
        sets?[place] = vs_set_info(num_members: set.memberCount, members_offset: set.offset)
    }
    own?.pointee = UInt32(found.own)
    return Int32(found.sets.count)
}

private func list(
    _ body: MembershipBody, _ set: UnsafePointer<vs_set_info>?, _ members: UnsafeMutablePointer<CChar>?, _ most: UInt32
) throws(SpreadError) -> Int32 {
    guard let set = set?.pointee else { throw .illegalMessage }
    guard set.num_members <= (members == nil ? 0 : most) else { throw .bufferTooShort }
    let end = Int(set.members_offset) + Int(set.num_members) * GroupName.byteCount
    guard end <= Limits.kept else { throw .illegalMessage }
    for place in 0..<Int(set.num_members) {
        let name = try body.name(at: Int(set.members_offset) + place * GroupName.byteCount)
        if let members { name.write(to: UnsafeMutableRawPointer(members + place * GroupName.byteCount)) }
    }
    return Int32(truncatingIfNeeded: set.num_members)
}
