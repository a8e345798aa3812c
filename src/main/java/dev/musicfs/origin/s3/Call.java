package dev.musicfs.origin.s3;

import io.vertx.core.http.HttpMethod;
import java.util.Map;

/**
 * One request, before it is known where it goes.
 *
 * @param key the object, empty for the bucket itself
 * @param query parameters, not encoded
 * @param about what to call it in a message
 */
record Call(HttpMethod method, String key, Map<String, String> query, Map<String, String> headers, String about) {}
