//! `ocg:native/dns`: name resolution under the network permit, and IP address syntax.

use std::net::IpAddr;

use rquickjs::function::{Async, Func};
use rquickjs::{Ctx, Result};

use super::arguments::Text;
use super::throw::{coded, denied};
use super::{native_module, permits};

native_module!(DnsModule(_ctx) {
    lookup => Func::from(Async(lookup)),
    ipVersion => Func::from(ip_version),
    blockContains => Func::from(block_contains),
});

/// All addresses of a host as text, in the system's order.
async fn lookup(ctx: Ctx<'_>, host: Text) -> Result<Vec<String>> {
    let host = host.0;
    permits(&ctx)?.network.check_lookup(&host).map_err(|error| denied(&ctx, &error))?;
    match tokio::net::lookup_host((host.as_str(), 0)).await {
        Ok(addresses) => Ok(addresses.map(|address| address.ip().to_string()).collect()),
        Err(_) => Err(coded(&ctx, "ENOTFOUND", &format!("getaddrinfo ENOTFOUND {host}"))),
    }
}

/// 4, 6, or 0 for what is no address.
fn ip_version(text: Text) -> u8 {
    // Node accepts a zone ("fe80::1%eth0") after an IPv6 address.
    let address = text.0.split_once('%').map_or(text.0.as_str(), |(address, _)| address);
    match address.parse() {
        Ok(IpAddr::V4(_)) if address.len() == text.0.len() => 4,
        Ok(IpAddr::V6(_)) => 6,
        _ => 0,
    }
}

/// Whether an address lies between two others, ends included. IPv4 inside IPv6 counts as IPv4.
fn block_contains(first: Text, last: Text, address: Text) -> bool {
    let parse = |text: &Text| text.0.parse::<IpAddr>().ok().map(|ip| ip.to_canonical());
    match (parse(&first), parse(&last), parse(&address)) {
        (Some(first), Some(last), Some(address)) => {
            first.is_ipv4() == address.is_ipv4() && (first..=last).contains(&address)
        }
        _ => false,
    }
}
