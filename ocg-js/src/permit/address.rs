use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far away an address is, as far as permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Globally routable.
    Public,
    /// Loopback, private, shared, unique-local, reserved or multicast: needs a grant.
    Private,
    /// RFC 2544 benchmark range. Local proxies in "fake IP" mode resolve every public name into
    /// it, so a name that leads here counts as public; a literal counts as private.
    ProxyFakeIp,
    /// Link-local and cloud metadata: never.
    Forbidden,
}

impl Reach {
    /// Classifies an address (IANA special-purpose registries, RFC 6890). IPv4 addresses inside
    /// IPv6 ones (mapped, NAT64, 6to4) count as what they lead to.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => of_v4(v4),
            IpAddr::V6(v6) => embedded_v4(v6).map_or_else(|| of_v6(v6), of_v4),
        }
    }
}

/// Metadata services outside of link-local: Alibaba Cloud, Azure, Oracle Cloud.
const METADATA_V4: [Ipv4Addr; 3] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(192, 0, 0, 192),
];
/// AWS and Google Cloud.
const METADATA_V6: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
];

fn of_v4(address: Ipv4Addr) -> Reach {
    let [a, b, c, _] = address.octets();
    if address.is_link_local() || METADATA_V4.contains(&address) {
        return Reach::Forbidden;
    }
    if a == 198 && (b & 0xfe) == 18 {
        return Reach::ProxyFakeIp;
    }
    let shared = a == 100 && (b & 0xc0) == 64;
    let protocol_assignments = a == 192 && b == 0 && c == 0;
    let private = a == 0
        || a >= 224
        || address.is_loopback()
        || address.is_private()
        || address.is_documentation()
        || shared
        || protocol_assignments;
    if private { Reach::Private } else { Reach::Public }
}

fn of_v6(address: Ipv6Addr) -> Reach {
    let head = address.segments()[0];
    let link_local = head & 0xffc0 == 0xfe80;
    if link_local || METADATA_V6.contains(&address) {
        return Reach::Forbidden;
    }
    // Everything global lies in 2000::/3; 2001:db8::/32 is for documentation.
    let documentation = head == 0x2001 && address.segments()[1] == 0xdb8;
    if head & 0xe000 == 0x2000 && !documentation { Reach::Public } else { Reach::Private }
}

fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0, 0, 0, 0, 0, 0, high, low] => Some(from(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(from(high, low)),
        [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_classified() {
        for (address, reach) in [
            ("8.8.8.8", Reach::Public),
            ("2606:4700::1111", Reach::Public),
            ("127.0.0.1", Reach::Private),
            ("0.0.0.0", Reach::Private),
            ("10.1.2.3", Reach::Private),
            ("172.31.0.1", Reach::Private),
            ("172.32.0.1", Reach::Public),
            ("100.64.0.1", Reach::Private),
            ("100.128.0.1", Reach::Public),
            ("255.255.255.255", Reach::Private),
            ("198.19.255.255", Reach::ProxyFakeIp),
            ("169.254.169.254", Reach::Forbidden),
            ("100.100.100.200", Reach::Forbidden),
            ("::1", Reach::Private),
            ("::", Reach::Private),
            ("fc00::1", Reach::Private),
            ("fe80::1", Reach::Forbidden),
            ("fd00:ec2::254", Reach::Forbidden),
            ("::ffff:127.0.0.1", Reach::Private),
            ("::ffff:169.254.169.254", Reach::Forbidden),
            ("64:ff9b::a9fe:a9fe", Reach::Forbidden),
            ("2002:a9fe:a9fe::", Reach::Forbidden),
            ("64:ff9b::808:808", Reach::Public),
            ("ff02::1", Reach::Private),
        ] {
            assert_eq!(Reach::of(address.parse().unwrap()), reach, "{address}");
        }
    }
}
