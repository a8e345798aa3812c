package dev.musicfs.origin.mounted;

import dev.musicfs.config.OriginKey;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.OriginType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys of a mounted share, whatever protocol it is mounted over. */
record ShareType(String name) implements OriginType {
    static final String PATH = "path";
    static final String REQUIRE_MOUNT = "require_mount";
    static final String LINK_TARGETS = "link_targets";

    @Override
    public String help() {
        return "A share that is mounted by the kernel. Every call is bounded; an empty directory on which nothing is mounted"
                + " counts as away.";
    }

    @Override
    public Set<String> schemes() {
        return Set.of();
    }

    @Override
    public List<OriginKey> keys() {
        return List.of(
                OriginKey.required(
                        PATH,
                        OriginKey.Kind.PATH,
                        "where the share is mounted, or a directory in it",
                        "/mnt/nas/music"),
                OriginKey.optional(REQUIRE_MOUNT, OriginKey.Kind.FLAG, "unless set: once a mount was seen there")
                        .shown("true"),
                OriginKey.optional(
                        LINK_TARGETS,
                        OriginKey.Kind.PATHS,
                        "directories to which links in it may lead, beside files below path"));
    }

    @Override
    public boolean remote() {
        return true;
    }

    @Override
    public int defaultConcurrency() {
        return 4;
    }

    @Override
    public Optional<Path> directory(OriginSettings settings) {
        return settings.path(PATH);
    }
}
