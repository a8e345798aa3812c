package dev.musicfs.origin;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginType;

/**
 * A kind of origin that can be configured. Implementations have a public constructor without parameters and are found
 * with {@link java.util.ServiceLoader}, those of other authors in jars on the class path as well. Loading one must cost
 * next to nothing: its client library is for {@link #create}.
 */
public interface OriginBackend {
    /** What the configuration has to know of it. */
    OriginType type();

    /** An origin of this kind; touches neither disk nor network before {@link Origin#start}. */
    Origin create(OriginConfig config, BackendContext context);
}
