package dev.musicfs.origin.registry;

import dev.musicfs.config.OriginType;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.OriginBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The kinds of origins this installation has: those that come with MusicFS and those in jars on the class path. */
public final class Backends {
    private Backends() {}

    /** What the configuration has to know of each. */
    public static List<OriginType> types() {
        return all().values().stream().map(OriginBackend::type).toList();
    }

    /** The backend of a configured origin. */
    public static OriginBackend of(OriginType type) {
        OriginBackend backend = all().get(type.name());
        if (backend == null) {
            throw new MusicFsException(FailureKind.INVALID, "there is no backend for origins of type " + type.name());
        }
        return backend;
    }

    /** By name of type. */
    private static Map<String, OriginBackend> all() {
        Map<String, OriginBackend> found = new LinkedHashMap<>();
        try {
            for (OriginBackend backend : ServiceLoader.load(OriginBackend.class, Backends.class.getClassLoader())) {
                found.putIfAbsent(backend.type().name(), backend);
            }
        } catch (ServiceConfigurationError e) {
            throw new MusicFsException(
                    FailureKind.INVALID, "a backend for origins cannot be loaded: " + e.getMessage(), e);
        }
        return found;
    }
}
