package dev.musicfs.control.api;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON and back: a component is a key, in the order of the record. Components are texts, numbers, truth values,
 * enumerations (in small letters), other records, lists of these, and {@link Optional}s, whose key is left out when they
 * are empty. JSON that came from another process and does not fit is {@code CORRUPT}.
 */
public final class RecordJson {
    private RecordJson() {}

    /** A record as it travels. */
    public static JsonObject of(Record value) {
        JsonObject json = new JsonObject();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object inside = encoded(read(component, value));
            if (inside != null) {
                json.put(component.getName(), inside);
            }
        }
        return json;
    }

    /** Several records as they travel. */
    public static JsonArray of(Collection<? extends Record> values) {
        JsonArray json = new JsonArray();
        values.forEach(each -> json.add(of(each)));
        return json;
    }

    /** What another process sent, as a JSON object. */
    public static JsonObject parse(String text) {
        try {
            return new JsonObject(text);
        } catch (DecodeException e) {
            throw new MusicFsException(FailureKind.CORRUPT, "the answer is not JSON", e);
        }
    }

    /** The record that another process sent. */
    public static <T extends Record> T to(Class<T> type, JsonObject json) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            String key = components[i].getName();
            values[i] = decoded(components[i].getGenericType(), json.getValue(key))
                    .orElseThrow(() -> new MusicFsException(
                            FailureKind.CORRUPT, "the answer has no good \"" + key + "\" among " + json.fieldNames()));
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw new MusicFsException(FailureKind.CORRUPT, "the answer makes no sense: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is no public record", e);
        }
    }

    private static Object read(RecordComponent component, Record value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    private static @Nullable Object encoded(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(RecordJson::encoded).orElse(null);
        }
        if (value instanceof Record inner) {
            return of(inner);
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        if (value instanceof List<?> list) {
            JsonArray array = new JsonArray();
            list.forEach(each -> array.add(encoded(each)));
            return array;
        }
        return value;
    }

    /** Empty when it does not fit. */
    private static Optional<Object> decoded(Type type, @Nullable Object value) {
        if (type instanceof ParameterizedType generic) {
            Type inner = generic.getActualTypeArguments()[0];
            if (generic.getRawType() == Optional.class) {
                // Absent, or what fits: something else is an error and not absent.
                return value == null
                        ? Optional.of(Optional.empty())
                        : decoded(inner, value).map(Optional::of);
            }
            return value instanceof JsonArray array ? list(inner, array) : Optional.empty();
        }
        if (value instanceof Number number) {
            return number(type, number);
        }
        if ((value instanceof Boolean && type == boolean.class) || (value instanceof String && type == String.class)) {
            return Optional.of(value);
        }
        if (value instanceof JsonObject object && type instanceof Class<?> of && of.isRecord()) {
            return Optional.of(to(of.asSubclass(Record.class), object));
        }
        return Optional.empty();
    }

    private static Optional<Object> list(Type inner, JsonArray array) {
        List<Object> list = new ArrayList<>(array.size());
        for (Object each : array) {
            Optional<Object> element = decoded(inner, each);
            if (element.isEmpty()) {
                return Optional.empty();
            }
            list.add(element.get());
        }
        return Optional.of(list);
    }

    private static Optional<Object> number(Type type, Number number) {
        if (type == long.class || type == Long.class) {
            return Optional.of(number.longValue());
        }
        if (type == int.class || type == Integer.class) {
            return Optional.of(number.intValue());
        }
        return type == double.class || type == Double.class ? Optional.of(number.doubleValue()) : Optional.empty();
    }
}
