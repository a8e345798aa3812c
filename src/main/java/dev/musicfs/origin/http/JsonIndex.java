package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.wire.Response;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The index that nginx makes with {@code autoindex_format json}, and Caddy for those who want JSON. */
final class JsonIndex {
    private JsonIndex() {}

    static boolean isOne(Response response) {
        return response.status() == 200
                && response.header("Content-Type").toLowerCase(Locale.ROOT).startsWith("application/json");
    }

    /** The names, and whether each is a directory; fails with {@code CORRUPT} for any other JSON. */
    static Map<String, Boolean> parse(byte[] body) {
        Map<String, Boolean> names = new TreeMap<>();
        try {
            JsonArray all = new JsonArray(Buffer.buffer(body));
            for (int i = 0; i < all.size(); i++) {
                JsonObject entry = all.getJsonObject(i);
                String name = entry == null ? null : entry.getString("name");
                if (name == null) {
                    throw new DecodeException("an entry without a name");
                }
                boolean directory = "directory".equals(entry.getValue("type"))
                        || Boolean.TRUE.equals(entry.getValue("is_dir"))
                        || name.endsWith("/");
                String bare = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
                if (!bare.isEmpty()
                        && !bare.equals(".")
                        && !bare.equals("..")
                        && bare.indexOf('/') < 0
                        && bare.indexOf('\0') < 0) {
                    names.put(RealPath.decode(RealPath.encode(bare)), directory);
                }
            }
        } catch (DecodeException | ClassCastException e) {
            throw new MusicFsException(FailureKind.CORRUPT, "The index is JSON of another kind: " + e.getMessage(), e);
        }
        return names;
    }
}
