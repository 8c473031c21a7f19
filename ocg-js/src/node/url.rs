//! `ocg:native/url`: the URL Standard, as `[href, protocol, username, password, host, hostname,
//! port, pathname, search, hash, origin]`, so that JavaScript reads a parsed URL without calls.

use rquickjs::function::{Func, Opt};
use url::{Url, quirks};

use super::arguments::Text;
use super::native_module;

native_module!(UrlModule(_ctx) {
    parse => Func::from(parse),
    set => Func::from(set),
    domainToASCII => Func::from(|domain: Text| quirks::domain_to_ascii(&domain.0)),
    domainToUnicode => Func::from(|domain: Text| quirks::domain_to_unicode(&domain.0)),
    labelToASCII => Func::from(|domain: Text| idna::domain_to_ascii(&domain.0).ok()),
    labelToUnicode => Func::from(|domain: Text| idna::domain_to_unicode(&domain.0).0),
    parseQuery => Func::from(parse_query),
    serializeQuery => Func::from(serialize_query),
});

fn parse(input: Text, base: Opt<Text>) -> Option<Vec<String>> {
    let base = match base.0 {
        Some(base) => Some(Url::parse(&base.0).ok()?),
        None => None,
    };
    let url = Url::options().base_url(base.as_ref()).parse(&input.0).ok()?;
    Some(parts(&url))
}

/// Applies one setter of the `URL` class. Values that the standard ignores change nothing.
fn set(href: Text, part: Text, value: Text) -> Option<Vec<String>> {
    let mut url = Url::parse(&href.0).ok()?;
    let value = value.0.as_str();
    // The standard says to ignore what cannot be set, so the results are of no interest.
    match part.0.as_str() {
        "href" => quirks::set_href(&mut url, value).ok()?,
        "protocol" => drop(quirks::set_protocol(&mut url, value)),
        "username" => drop(quirks::set_username(&mut url, value)),
        "password" => drop(quirks::set_password(&mut url, value)),
        "host" => drop(quirks::set_host(&mut url, value)),
        "hostname" => drop(quirks::set_hostname(&mut url, value)),
        "port" => drop(quirks::set_port(&mut url, value)),
        "pathname" => quirks::set_pathname(&mut url, value),
        "search" => quirks::set_search(&mut url, value),
        "hash" => quirks::set_hash(&mut url, value),
        _ => return None,
    }
    Some(parts(&url))
}

fn parts(url: &Url) -> Vec<String> {
    vec![
        quirks::href(url).to_owned(),
        quirks::protocol(url).to_owned(),
        quirks::username(url).to_owned(),
        quirks::password(url).to_owned(),
        quirks::host(url).to_owned(),
        quirks::hostname(url).to_owned(),
        quirks::port(url).to_owned(),
        quirks::pathname(url).to_owned(),
        quirks::search(url).to_owned(),
        quirks::hash(url).to_owned(),
        quirks::origin(url),
    ]
}

/// `application/x-www-form-urlencoded` as a flat list: name, value, name, value …
fn parse_query(query: Text) -> Vec<String> {
    url::form_urlencoded::parse(query.0.as_bytes())
        .flat_map(|(name, value)| [name.into_owned(), value.into_owned()])
        .collect()
}

fn serialize_query(flat: Vec<Text>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for pair in flat.chunks_exact(2) {
        query.append_pair(&pair[0].0, &pair[1].0);
    }
    query.finish()
}
