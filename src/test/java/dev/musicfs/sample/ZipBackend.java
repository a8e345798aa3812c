package dev.musicfs.sample;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginKey;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.OriginType;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginBackend;
import java.util.List;
import java.util.Set;

/** Music in a ZIP archive: {@code type = "zip"} with the keys {@code archive} and {@code below}. */
public final class ZipBackend implements OriginBackend {
    static final String ARCHIVE = "archive";
    static final String BELOW = "below";
    private static final OriginType TYPE = new Type();

    /** For the service loader. */
    public ZipBackend() {}

    @Override
    public OriginType type() {
        return TYPE;
    }

    /** Does nothing yet: the archive is opened by {@link Origin#start}. */
    @Override
    public Origin create(OriginConfig config, BackendContext context) {
        return new ZipOrigin(config, context);
    }

    private static final class Type implements OriginType {
        @Override
        public String name() {
            return "zip";
        }

        @Override
        public String help() {
            return "Music in a ZIP archive.";
        }

        @Override
        public Set<String> schemes() {
            return Set.of();
        }

        /** The loader checks presence and types, and names file and line of mistakes. */
        @Override
        public List<OriginKey> keys() {
            return List.of(
                    OriginKey.required(ARCHIVE, OriginKey.Kind.PATH, "the archive", "/srv/music.zip"),
                    OriginKey.optional(BELOW, OriginKey.Kind.TEXT, "a directory in it; unless set: all of it"));
        }

        @Override
        public List<String> problems(OriginSettings settings) {
            return settings.text(BELOW).filter(below -> below.startsWith("/")).isPresent()
                    ? List.of(BELOW + " must not begin with a slash")
                    : List.of();
        }

        @Override
        public boolean remote() {
            return true;
        }

        @Override
        public int defaultConcurrency() {
            return 2;
        }
    }
}
