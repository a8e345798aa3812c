package dev.musicfs.origin.local;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginKey;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.OriginType;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginBackend;
import dev.musicfs.posix.MountTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Directories of this machine: {@code type = "local"}. */
public final class LocalBackend implements OriginBackend {
    private static final Logger LOG = LoggerFactory.getLogger(LocalBackend.class);
    private static final Set<String> SMB = Set.of("cifs", "smb3", "smbfs", "fuse.smbnetfs");
    private static final String LINK_TARGETS = "link_targets";

    private static final OriginKey LINKS = OriginKey.optional(
            LINK_TARGETS,
            OriginKey.Kind.PATHS,
            "directories to which links in it may lead, beside files below path; a link elsewhere is not followed");

    private static final OriginType TYPE = new Type();

    /** For the service loader. */
    public LocalBackend() {}

    @Override
    public OriginType type() {
        return TYPE;
    }

    /**
     * A directory that lies on a share of another machine becomes an origin of type {@code nfs} or {@code smb}. That is
     * decided here and not at the start, because the origin says at once whether it can be watched; the table of mounts
     * is asked, and links on disks of this machine, but nothing on the share.
     */
    @Override
    public Origin create(OriginConfig config, BackendContext context) {
        Path directory = config.directory().orElseThrow();
        Optional<MountTable.Mount> share = MountTable.read().networkBlocking(directory);
        Optional<OriginBackend> backend = share.flatMap(mount -> shares(SMB.contains(mount.type()) ? "smb" : "nfs"));
        if (share.isPresent() && backend.isPresent()) {
            LOG.info(
                    "Origin {} lies on a share, {} ({}): it is treated as type {}, polled and read through the cache",
                    config.id(),
                    share.get().source(),
                    share.get().type(),
                    backend.get().type().name());
            return backend.get().create(config, context);
        }
        return new LocalOrigin(config.id(), directory, config.settings().paths(LINK_TARGETS), context);
    }

    private static Optional<OriginBackend> shares(String type) {
        return ServiceLoader.load(OriginBackend.class, LocalBackend.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(backend -> backend.type().name().equals(type))
                .findFirst();
    }

    private static final class Type implements OriginType {
        @Override
        public String name() {
            return "local";
        }

        @Override
        public String help() {
            return "A directory of this machine.";
        }

        @Override
        public Set<String> schemes() {
            return Set.of();
        }

        @Override
        public List<OriginKey> keys() {
            return List.of(OriginKey.required("path", OriginKey.Kind.PATH, "the directory", "/srv/flac"), LINKS);
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
