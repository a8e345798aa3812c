package dev.musicfs.origin.local;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginKey;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.OriginType;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginBackend;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Directories of this machine: {@code type = "local"}. */
public final class LocalBackend implements OriginBackend {
    private static final OriginType TYPE = new Type();

    /** For the service loader. */
    public LocalBackend() {}

    @Override
    public OriginType type() {
        return TYPE;
    }

    @Override
    public Origin create(OriginConfig config, BackendContext context) {
        return new LocalOrigin(config.id(), config.directory().orElseThrow(), context);
    }

    private static final class Type implements OriginType {
        @Override
        public String name() {
            return "local";
        }

        @Override
        public Set<String> schemes() {
            return Set.of();
        }

        @Override
        public List<OriginKey> keys() {
            return List.of(OriginKey.required("path", OriginKey.Kind.PATH));
        }

        @Override
        public boolean remote() {
            return false;
        }

        @Override
        public int defaultConcurrency() {
            return 4;
        }

        @Override
        public Optional<Path> directory(OriginSettings settings) {
            return settings.path("path");
        }
    }
}
