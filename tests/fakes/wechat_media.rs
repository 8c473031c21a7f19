//! Media of the WeChat fake, both ways.

use std::time::Duration;

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyInit};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use md5::{Digest, Md5};
use ocg_tests::platforms::wechat::{Bot, SentItem, WeChat};
use serde_json::{Value, json};

const KEY: [u8; 16] = *b"0123456789abcdef";

async fn platform() -> (WeChat, Bot) {
    let wechat = WeChat::builder().hold(Duration::from_millis(50)).start().await;
    let bot = Bot::new(&wechat.url(), &wechat.token());
    (wechat, bot)
}

fn encrypt(plain: &[u8]) -> Vec<u8> {
    ecb::Encryptor::<aes::Aes128>::new(&KEY.into()).encrypt_padded_vec::<Pkcs7>(plain)
}

/// Announces and uploads `plain`; returns the CDN's status and the download parameter.
async fn upload(bot: &Bot, to: &str, plain: &[u8], uploaded: &[u8]) -> (u16, String) {
    let announced = bot
        .call(
            "/ilink/bot/getuploadurl",
            json!({
                "filekey": "f1", "media_type": 1, "to_user_id": to, "no_need_thumb": true,
                "rawsize": plain.len(), "rawfilemd5": hex::encode(Md5::digest(plain)),
                "filesize": encrypt(plain).len(), "aeskey": hex::encode(KEY),
            }),
        )
        .await;
    let answer = reqwest::Client::new()
        .post(announced["upload_full_url"].as_str().unwrap())
        .header("content-type", "application/octet-stream")
        .body(encrypt(uploaded))
        .send()
        .await
        .unwrap();
    let param = answer.headers().get("x-encrypted-param").map(|v| v.to_str().unwrap().to_owned());
    (answer.status().as_u16(), param.unwrap_or_default())
}

fn image(param: &str, size: usize) -> Value {
    json!({"type": 2, "image_item": {
        "media": {
            "encrypt_query_param": param,
            "aes_key": BASE64_STANDARD.encode(hex::encode(KEY)),
            "encrypt_type": 1,
        },
        "mid_size": size,
    }})
}

#[tokio::test]
async fn a_picture_reaches_the_user_decrypted() {
    let (wechat, bot) = platform().await;
    let alice = wechat.user("alice");
    alice.says("show me");
    let message = bot.poll("").await.messages.remove(0);
    let picture = b"not really a picture";
    let (status, param) = upload(&bot, alice.id(), picture, picture).await;
    assert_eq!(status, 200);
    let sent = bot.send(&message, "c1", image(&param, encrypt(picture).len())).await;
    assert_eq!(sent["ret"], 0, "{sent}");
    assert_eq!(alice.replies(1).await[0].item, SentItem::Image(picture.to_vec()));
    wechat.assert_no_violations();
}

#[tokio::test]
async fn an_upload_must_be_what_was_announced() {
    let (wechat, bot) = platform().await;
    let alice = wechat.user("alice");
    assert_eq!(upload(&bot, alice.id(), b"announced", b"different").await.0, 400);
    assert_eq!(upload(&bot, alice.id(), b"announced", b"of quite another length").await.0, 400);
    assert_eq!(wechat.violations().len(), 2);
}

#[tokio::test]
async fn what_users_send_decrypts_with_the_key_in_the_message() {
    let (wechat, bot) = platform().await;
    let alice = wechat.user("alice");
    alice.sends_image(b"picture");
    alice.sends_file("notes.txt", b"some notes");
    alice.sends_voice(b"#!SILK", Some("hello there"));
    let messages = bot.poll("").await.messages;
    let item = |n: usize| &messages[n]["item_list"][0];

    let image = &item(0)["image_item"];
    let key = hex::decode(image["aeskey"].as_str().unwrap()).unwrap();
    assert_eq!(download(&image["media"], &key).await, b"picture");
    assert_eq!(BASE64_STANDARD.decode(image["media"]["aes_key"].as_str().unwrap()).unwrap(), key);

    let file = &item(1)["file_item"];
    let key = BASE64_STANDARD.decode(file["media"]["aes_key"].as_str().unwrap()).unwrap();
    let key = hex::decode(key).unwrap();
    assert_eq!(download(&file["media"], &key).await, b"some notes");
    assert_eq!(file["file_name"], "notes.txt");
    assert_eq!(item(2)["voice_item"]["text"], "hello there");
    wechat.assert_no_violations();
}

async fn download(media: &Value, key: &[u8]) -> Vec<u8> {
    let answer = reqwest::get(media["full_url"].as_str().unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    let ciphertext = answer.bytes().await.unwrap();
    ecb::Decryptor::<aes::Aes128>::new_from_slice(key)
        .unwrap()
        .decrypt_padded_vec::<Pkcs7>(&ciphertext)
        .unwrap()
}
