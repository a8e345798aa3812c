package dev.musicfs.origin;

import io.vertx.core.Future;
import java.net.InetAddress;

/** Turns the name of a host into its address. For any thread. */
@FunctionalInterface
public interface NameResolver {
    /**
     * An address of the host; a literal address is its own answer. Fails with {@code UNAVAILABLE} and an
     * {@link java.net.UnknownHostException} among its causes when names cannot be resolved at present, by which health
     * tells a dead name service from a dead origin.
     */
    Future<InetAddress> resolve(String host);
}
