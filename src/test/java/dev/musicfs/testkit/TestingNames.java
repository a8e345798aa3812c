package dev.musicfs.testkit;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.NameResolver;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Resolvers of names for tests. */
public final class TestingNames {
    /** What the platform says; tests only ask for this machine. */
    public static final NameResolver LITERAL = host -> {
        try {
            return Future.succeededFuture(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return unknown(host, e);
        }
    };

    /** A name service that is dead. */
    public static final NameResolver DEAD = host -> unknown(host, new UnknownHostException(host));

    private TestingNames() {}

    private static Future<InetAddress> unknown(String host, UnknownHostException e) {
        return Future.failedFuture(
                new MusicFsException(FailureKind.UNAVAILABLE, "the name " + host + " cannot be resolved", e));
    }
}
