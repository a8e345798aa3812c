package dev.musicfs.origin.mounted;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginType;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginBackend;

/** Shares that are mounted over NFS: {@code type = "nfs"}. */
public final class NfsBackend implements OriginBackend {
    private static final OriginType TYPE = new ShareType("nfs");

    /** For the service loader. */
    public NfsBackend() {}

    @Override
    public OriginType type() {
        return TYPE;
    }

    @Override
    public Origin create(OriginConfig config, BackendContext context) {
        return MountedOrigin.of(config, context);
    }
}
