package dev.musicfs.control;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Reads JSON that came from another process; what is missing or of another type is {@code CORRUPT}. */
final class Json {
    private Json() {}

    static JsonObject parse(String text) {
        try {
            return new JsonObject(text);
        } catch (DecodeException e) {
            throw new MusicFsException(FailureKind.CORRUPT, "the answer is not JSON", e);
        }
    }

    static long count(JsonObject json, String key) {
        if (json.getValue(key) instanceof Number number) {
            return number.longValue();
        }
        throw wrong(json, key);
    }

    static double number(JsonObject json, String key) {
        if (json.getValue(key) instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(json, key);
    }

    static List<JsonObject> objects(JsonObject json, String key) {
        if (json.getValue(key) instanceof JsonArray array) {
            List<JsonObject> objects = new ArrayList<>(array.size());
            for (Object each : array) {
                if (!(each instanceof JsonObject object)) {
                    throw wrong(json, key);
                }
                objects.add(object);
            }
            return objects;
        }
        throw wrong(json, key);
    }

    static boolean flag(JsonObject json, String key) {
        if (json.getValue(key) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(json, key);
    }

    static String text(JsonObject json, String key) {
        if (json.getValue(key) instanceof String text) {
            return text;
        }
        throw wrong(json, key);
    }

    static List<String> texts(JsonObject json, String key) {
        if (json.getValue(key) instanceof JsonArray array) {
            List<String> texts = new ArrayList<>(array.size());
            for (Object each : array) {
                if (!(each instanceof String text)) {
                    throw wrong(json, key);
                }
                texts.add(text);
            }
            return texts;
        }
        throw wrong(json, key);
    }

    private static MusicFsException wrong(JsonObject json, String key) {
        return new MusicFsException(
                FailureKind.CORRUPT, "the answer has no good \"" + key + "\" among " + json.fieldNames());
    }
}
