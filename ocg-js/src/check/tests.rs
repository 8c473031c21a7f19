use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde_json::Value;

use super::Support;
use crate::loader::exports;
use crate::testing::Plugin;

static SDK: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/js/sdk");

/// The table says exactly what the shims export.
#[test]
fn the_table_is_true() {
    let table: BTreeMap<String, BTreeMap<String, Support>> =
        serde_json::from_str(include_str!("../../js/sdk/table.json")).unwrap();
    let listed: BTreeMap<&str, Vec<&str>> = table
        .iter()
        .map(|(subpath, names)| (subpath.as_str(), names.keys().map(String::as_str).collect()))
        .collect();
    let exported: BTreeMap<&str, Vec<String>> = SDK
        .files()
        .filter(|file| file.path().extension().is_some_and(|ending| ending == "js"))
        .map(|file| {
            let subpath = file.path().file_stem().unwrap().to_str().unwrap();
            let mut names = exports(file.contents_utf8().unwrap(), &|_| None);
            names.sort();
            (subpath, names)
        })
        .collect();
    assert_eq!(format!("{listed:#?}"), format!("{exported:#?}"));
}

/// What the SDK is asked, by file.
const CASES: [(&str, &str); 11] = [
    ("cases.mjs", include_str!("../../tests/sdk_vectors/cases.mjs")),
    ("cases/access.mjs", include_str!("../../tests/sdk_vectors/cases/access.mjs")),
    ("cases/accounts.mjs", include_str!("../../tests/sdk_vectors/cases/accounts.mjs")),
    ("cases/chunking.mjs", include_str!("../../tests/sdk_vectors/cases/chunking.mjs")),
    ("cases/envelopes.mjs", include_str!("../../tests/sdk_vectors/cases/envelopes.mjs")),
    ("cases/gating.mjs", include_str!("../../tests/sdk_vectors/cases/gating.mjs")),
    ("cases/guard.mjs", include_str!("../../tests/sdk_vectors/cases/guard.mjs")),
    ("cases/ingress.mjs", include_str!("../../tests/sdk_vectors/cases/ingress.mjs")),
    ("cases/routing.mjs", include_str!("../../tests/sdk_vectors/cases/routing.mjs")),
    ("cases/values.mjs", include_str!("../../tests/sdk_vectors/cases/values.mjs")),
    ("cases/webhooks.mjs", include_str!("../../tests/sdk_vectors/cases/webhooks.mjs")),
];

/// Functions that decide who is let in, where a message goes, or how a text is cut.
const DECISIVE: [&str; 40] = [
    "access-groups#parseAccessGroupAllowFromEntry",
    "account-id#normalizeAccountId",
    "account-id#normalizeOptionalAccountId",
    "allow-from#formatAllowFromLowercase",
    "allow-from#isNormalizedSenderAllowed",
    "allow-from#isSenderIdAllowed",
    "allow-from#mergeDmAllowFromSources",
    "allow-from#resolveGroupAllowFromSources",
    "channel-inbound#formatAgentEnvelope",
    "channel-inbound#formatInboundEnvelope",
    "channel-inbound#matchesMentionPatterns",
    "channel-inbound#matchesMentionWithExplicit",
    "channel-inbound#resolveEnvelopeFormatOptions",
    "channel-ingress-runtime#createChannelIngressResolver",
    "channel-ingress-runtime#defineStableChannelIngressIdentity",
    "channel-mention-gating#resolveInboundMentionDecision",
    "channel-policy#resolveChannelGroupPolicy",
    "channel-policy#resolveChannelGroupRequireMention",
    "command-auth#resolveCommandAuthorizedFromAuthorizers",
    "command-auth#resolveDirectDmAuthorizationOutcome",
    "command-auth#resolveNativeCommandSessionTargets",
    "command-auth#resolveSenderCommandAuthorization",
    "reply-chunking#chunkByParagraph",
    "reply-chunking#chunkMarkdownTextWithMode",
    "reply-chunking#chunkText",
    "reply-chunking#chunkTextWithMode",
    "reply-chunking#resolveChunkMode",
    "reply-chunking#resolveTextChunkLimit",
    "reply-runtime#chunkMarkdownText",
    "routing#buildAgentSessionKey",
    "routing#parseAgentSessionKey",
    "routing#parseThreadSessionSuffix",
    "routing#resolveAgentRoute",
    "routing#resolveThreadSessionKeys",
    "runtime-group-policy#resolveAllowlistProviderRuntimeGroupPolicy",
    "runtime-group-policy#resolveDefaultGroupPolicy",
    "runtime-group-policy#resolveOpenProviderRuntimeGroupPolicy",
    "ssrf-runtime#fetchWithSsrFGuard",
    "ssrf-runtime#isBlockedHostnameOrIp",
    "text-chunking#chunkTextForOutbound",
];

/// What decides is compared with OpenClaw on at least so many inputs.
#[test]
fn decisions_have_many_vectors() {
    let recorded: Value =
        serde_json::from_str(include_str!("../../tests/sdk_vectors/vectors.json")).unwrap();
    let too_few = DECISIVE.iter().filter_map(|name| {
        let count = recorded[name].as_array().map_or(0, Vec::len);
        (count < 20).then(|| format!("{name}: {count}"))
    });
    assert_eq!(too_few.collect::<Vec<_>>(), Vec::<String>::new());
}

/// Our SDK answers what OpenClaw's own answered (tests/sdk_vectors/record.mjs).
#[tokio::test]
async fn answers_as_openclaw_does() {
    let recorded: Value =
        serde_json::from_str(include_str!("../../tests/sdk_vectors/vectors.json")).unwrap();
    let mut files = vec![("main.mjs", "export { answers as default } from './cases.mjs';")];
    files.extend(CASES);
    let ours = Plugin::new(&files).run().await.unwrap();
    let recorded = recorded.as_object().unwrap();
    assert!(!recorded.is_empty());
    let mut differences = Vec::new();
    for (function, answers) in recorded {
        let answers = answers.as_array().unwrap();
        for (index, theirs) in answers.iter().enumerate() {
            let ours = &ours[function][index];
            if ours != theirs {
                differences.push(format!("{function}, input {index}: {ours} and not {theirs}"));
            }
        }
        assert_eq!(ours[function].as_array().unwrap().len(), answers.len(), "{function}");
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}
