use std::net::IpAddr;

use ipnet::IpNet;
use ocg_core::config;
use url::Host;

use super::{Denied, Reach};

/// Names of cloud metadata services.
const METADATA_NAMES: [&str; 5] = [
    "metadata.google.internal",
    "metadata.goog",
    "metadata",
    "instance-data",
    "instance-data.ec2.internal",
];

/// Which hosts a plugin may connect to.
///
/// Without grants: public addresses only. Grants open loopback and private hosts; link-local
/// and metadata addresses stay closed whatever is granted.
#[derive(Debug, Clone)]
pub struct NetworkPermit {
    plugin: String,
    off: bool,
    grants: Vec<Grant>,
}

/// A `net` entry that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{entry:?} in plugins.{plugin:?}.permissions.net is not a host, host:port, *.domain, address or CIDR block"
)]
pub struct GrantError {
    plugin: String,
    entry: String,
}

#[derive(Debug, Clone, PartialEq)]
struct Grant {
    target: Target,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq)]
enum Target {
    Name(String),
    /// Every name that ends in this, dot included.
    Below(String),
    Block(IpNet),
}

impl NetworkPermit {
    /// `operator_hosts` are the hosts that the operator wrote into the channel's own section
    /// (see [`super::operator_hosts`]); naming them there is consent.
    ///
    /// # Errors
    /// When an entry of `net` is not understood. Operator hosts that are not hosts are skipped:
    /// they come from free-form configuration.
    pub fn new(
        plugin: impl Into<String>,
        net: &config::Grant,
        operator_hosts: &[String],
    ) -> Result<Self, GrantError> {
        let plugin = plugin.into();
        let mut grants = Vec::new();
        for entry in net.entries() {
            let grant = Grant::parse(entry)
                .ok_or_else(|| GrantError { plugin: plugin.clone(), entry: entry.clone() })?;
            grants.push(grant);
        }
        grants.extend(operator_hosts.iter().filter_map(|host| Grant::parse(host)));
        Ok(Self { plugin, off: *net == config::Grant::Nothing, grants })
    }

    /// Decides before a name is resolved. `host` is a name or an address, as in a URL.
    ///
    /// # Errors
    /// When the plugin may not connect there. A permitted name can still lead to an address
    /// that is not: check those with [`Self::check_addr`].
    pub fn check_host(&self, host: &str, port: u16) -> Result<(), Denied> {
        match parse_host(host) {
            Some(Host::Ipv4(address)) => self.check_addr(address.into(), port, host),
            Some(Host::Ipv6(address)) => self.check_addr(address.into(), port, host),
            Some(Host::Domain(name)) => self.check_name(&name, host, port),
            None => Err(Denied::NotAHost { plugin: self.plugin.clone(), host: host.into() }),
        }
    }

    /// Decides whether the plugin may learn the addresses of a host: yes where some port of it
    /// is open.
    ///
    /// # Errors
    /// When no connection to that host could be permitted.
    pub fn check_lookup(&self, host: &str) -> Result<(), Denied> {
        let ports = self.grants.iter().filter_map(|grant| grant.port);
        let refused = self.check_host(host, 0);
        if refused.is_err() && ports.into_iter().any(|port| self.check_host(host, port).is_ok()) {
            return Ok(());
        }
        refused
    }

    /// Decides about one address that `host` resolved to.
    ///
    /// # Errors
    /// When the plugin may not connect to that address.
    pub fn check_addr(&self, address: IpAddr, port: u16, host: &str) -> Result<(), Denied> {
        self.check_on(host, port)?;
        let address = address.to_canonical();
        let parsed = parse_host(host);
        let name = match &parsed {
            Some(Host::Domain(name)) => Some(canonical_name(name)),
            _ => None,
        };
        let permitted = match Reach::of(address) {
            Reach::Public => true,
            Reach::Forbidden => return Err(self.never(host, port)),
            Reach::ProxyFakeIp if name.is_some() => true,
            Reach::ProxyFakeIp | Reach::Private => self.grants.iter().any(|grant| {
                grant.opens_port(port)
                    && (grant.opens_address(address)
                        || name.as_deref().is_some_and(|name| grant.opens_name(name)))
            }),
        };
        if permitted {
            return Ok(());
        }
        let because = match name {
            Some(_) => format!("it resolves to {address}, which is not a public address"),
            None => "it is not a public address".to_owned(),
        };
        Err(self.refuse(host, port, because))
    }

    /// Decides whether the plugin may listen there: on loopback always, elsewhere where a grant
    /// or the channel's own section names that address (`0.0.0.0` for all of the machine's).
    ///
    /// # Errors
    /// When it may not.
    pub fn check_listen(&self, host: &str, port: u16) -> Result<(), Denied> {
        self.check_on(host, port)?;
        let address: Option<IpAddr> = match parse_host(host) {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        let local = match address {
            Some(address) => address.is_loopback(),
            None => host.eq_ignore_ascii_case("localhost"),
        };
        if local || self.is_granted(host, port) {
            return Ok(());
        }
        let target = target(host, port);
        let plugin = self.plugin.clone();
        Err(Denied::Listen { plugin, grant: target.clone(), target })
    }

    /// Whether the operator opened this very host, by its name or address.
    pub fn is_granted(&self, host: &str, port: u16) -> bool {
        let opens = |grant: &Grant| match parse_host(host) {
            Some(Host::Ipv4(address)) => grant.opens_address(address.into()),
            Some(Host::Ipv6(address)) => grant.opens_address(address.into()),
            Some(Host::Domain(name)) => grant.opens_name(&canonical_name(&name)),
            None => false,
        };
        self.grants.iter().any(|grant| grant.opens_port(port) && opens(grant))
    }

    fn check_name(&self, name: &str, asked: &str, port: u16) -> Result<(), Denied> {
        self.check_on(asked, port)?;
        let name = canonical_name(name);
        if METADATA_NAMES.contains(&name.as_str()) {
            return Err(self.never(asked, port));
        }
        let granted = |grant: &Grant| {
            grant.opens_port(port)
                // An address grant may cover what the name leads to; check_addr decides then.
                && (grant.opens_name(&name) || matches!(grant.target, Target::Block(_)))
        };
        if !is_private_name(&name) || self.grants.iter().any(granted) {
            return Ok(());
        }
        Err(self.refuse(asked, port, "it is a name of a private network".to_owned()))
    }

    fn check_on(&self, host: &str, port: u16) -> Result<(), Denied> {
        if self.off {
            let target = target(host, port);
            return Err(Denied::NetworkOff { plugin: self.plugin.clone(), target });
        }
        Ok(())
    }

    fn never(&self, host: &str, port: u16) -> Denied {
        Denied::NeverReachable { plugin: self.plugin.clone(), target: target(host, port) }
    }

    fn refuse(&self, host: &str, port: u16, because: String) -> Denied {
        let target = target(host, port);
        Denied::Network { plugin: self.plugin.clone(), grant: target.clone(), target, because }
    }
}

impl Grant {
    fn parse(entry: &str) -> Option<Self> {
        let entry = entry.trim();
        if let Ok(block) = entry.parse::<IpNet>() {
            return Some(Self { target: Target::Block(block), port: None });
        }
        if let Ok(address) = entry.parse::<IpAddr>() {
            return Some(Self { target: Target::Block(address.into()), port: None });
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (entry, None),
        };
        if let Some(domain) = host.strip_prefix("*.") {
            let Host::Domain(domain) = Host::parse(domain).ok()? else { return None };
            return Some(Self { target: Target::Below(format!(".{domain}")), port });
        }
        let target = match parse_host(host)? {
            Host::Domain(name) => Target::Name(canonical_name(&name)),
            Host::Ipv4(address) => Target::Block(IpAddr::V4(address).into()),
            Host::Ipv6(address) => Target::Block(IpAddr::V6(address).into()),
        };
        Some(Self { target, port })
    }

    fn opens_port(&self, port: u16) -> bool {
        self.port.is_none_or(|granted| granted == port)
    }

    fn opens_name(&self, name: &str) -> bool {
        match &self.target {
            Target::Name(granted) => granted == name,
            Target::Below(suffix) => name.ends_with(suffix.as_str()),
            Target::Block(_) => false,
        }
    }

    fn opens_address(&self, address: IpAddr) -> bool {
        matches!(&self.target, Target::Block(block) if block.contains(&address))
    }
}

/// Reads a host by the URL Standard's rules, which know every spelling of an IPv4 address
/// (`0x7f.1`, `2130706433`, `0177.0.0.1`).
fn parse_host(host: &str) -> Option<Host<String>> {
    if host.contains(':') && !host.starts_with('[') {
        return host.parse().ok().map(Host::Ipv6);
    }
    Host::parse(host).ok()
}

fn canonical_name(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

fn is_private_name(name: &str) -> bool {
    ["localhost", "local", "internal", "home.arpa", "localdomain"].iter().any(|zone| {
        name.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

fn target(host: &str, port: u16) -> String {
    if host.contains(':') && !host.starts_with('[') {
        return format!("[{host}]:{port}");
    }
    format!("{host}:{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permit(net: &[&str]) -> NetworkPermit {
        let net = config::Grant::Also(net.iter().map(ToString::to_string).collect());
        NetworkPermit::new("@acme/chat", &net, &[]).unwrap()
    }

    #[test]
    fn public_hosts_are_open_and_private_ones_are_not() {
        let permit = permit(&[]);
        permit.check_host("api.example.com", 443).unwrap();
        for host in [
            "localhost",
            "LOCALHOST.",
            "app.localhost",
            "printer.local",
            "db.internal",
            "127.0.0.1",
            "127.1",
            "0x7f000001",
            "2130706433",
            "0177.0.0.1",
            "[::1]",
            "::1",
            "::ffff:10.0.0.1",
            "192.168.0.1",
            "198.18.0.1",
        ] {
            assert!(matches!(permit.check_host(host, 80), Err(Denied::Network { .. })), "{host}");
        }
    }

    #[test]
    fn the_refusal_says_what_to_write() {
        let error = permit(&[]).check_host("localhost", 8080).unwrap_err();
        insta::assert_snapshot!(error, @r#"connecting to localhost:8080 is not permitted to plugin @acme/chat because it is a name of a private network: add "net": ["localhost:8080"] to plugins."@acme/chat".permissions in ocg.json"#);
        let error =
            permit(&[]).check_addr([10, 0, 0, 8].into(), 443, "chat.example.com").unwrap_err();
        insta::assert_snapshot!(error, @r#"connecting to chat.example.com:443 is not permitted to plugin @acme/chat because it resolves to 10.0.0.8, which is not a public address: add "net": ["chat.example.com:443"] to plugins."@acme/chat".permissions in ocg.json"#);
    }

    #[test]
    fn what_a_refusal_proposes_opens_the_door() {
        for host in ["localhost", "127.0.0.1", "::1", "[::1]", "nas.local", "0x7f.1"] {
            let Err(Denied::Network { grant, .. }) = permit(&[]).check_host(host, 81) else {
                panic!("{host} should be refused");
            };
            permit(&[&grant]).check_host(host, 81).unwrap();
            permit(&[&grant]).check_host(host, 82).unwrap_err();
        }
    }

    #[test]
    fn grants_open_hosts_ports_domains_and_blocks() {
        let permit = permit(&["10.0.0.0/8", "nas.local:8443", "*.corp.internal", "::1"]);
        permit.check_host("10.9.9.9", 1).unwrap();
        permit.check_host("nas.local", 8443).unwrap();
        permit.check_addr([192, 168, 1, 2].into(), 8443, "nas.local").unwrap();
        permit.check_addr([192, 168, 1, 2].into(), 8444, "nas.local").unwrap_err();
        permit.check_addr([192, 168, 1, 2].into(), 9, "chat.corp.internal").unwrap();
        permit.check_addr([192, 168, 1, 2].into(), 9, "chat.corp.example").unwrap_err();
        permit.check_host("::1", 9).unwrap();
        permit.check_host("127.0.0.1", 9).unwrap_err();
    }

    #[test]
    fn a_host_with_an_open_port_may_be_looked_up() {
        permit(&["nas.local:8443"]).check_lookup("nas.local").unwrap();
        permit(&["nas.local:8443"]).check_lookup("tv.local").unwrap_err();
        permit(&[]).check_lookup("example.com").unwrap();
    }

    #[test]
    fn metadata_stays_closed_even_when_granted() {
        let permit = permit(&["0.0.0.0/0", "::/0", "169.254.169.254", "metadata.google.internal"]);
        for host in [
            "169.254.169.254",
            "0xa9fea9fe",
            "fe80::1",
            "fd00:ec2::254",
            "::ffff:169.254.169.254",
            "metadata.google.internal",
            "Metadata.Google.Internal.",
        ] {
            assert!(
                matches!(permit.check_host(host, 80), Err(Denied::NeverReachable { .. })),
                "{host}"
            );
        }
        permit.check_addr([169, 254, 169, 254].into(), 80, "evil.example.com").unwrap_err();
    }

    #[test]
    fn a_proxys_fake_addresses_count_as_public_for_names_only() {
        permit(&[]).check_addr([198, 18, 0, 7].into(), 443, "api.example.com").unwrap();
        permit(&[]).check_addr([198, 18, 0, 7].into(), 443, "198.18.0.7").unwrap_err();
    }

    #[test]
    fn false_switches_the_network_off() {
        let hosts = ["chat.example.com".to_owned()];
        let permit = NetworkPermit::new("p", &config::Grant::Nothing, &hosts).unwrap();
        let error = permit.check_host("chat.example.com", 443).unwrap_err();
        assert!(matches!(error, Denied::NetworkOff { .. }), "{error}");
    }

    #[test]
    fn nonsense_grants_are_reported() {
        for entry in ["", "a b", "host:port", "10.0.0.0/40"] {
            let net = config::Grant::Also(vec![entry.to_owned()]);
            assert!(NetworkPermit::new("p", &net, &[]).is_err(), "{entry:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_spelling_of_a_host_panics(host in ".{0,40}", port: u16) {
            let _ = permit(&["10.0.0.0/8"]).check_host(&host, port);
        }

        #[test]
        fn link_local_is_never_open(last: u16, port: u16) {
            let [c, d] = last.to_be_bytes();
            let permit = permit(&["0.0.0.0/0", "h"]);
            proptest::prop_assert!(permit.check_addr([169, 254, c, d].into(), port, "h").is_err());
        }
    }
}
