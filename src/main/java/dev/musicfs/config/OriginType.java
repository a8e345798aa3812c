package dev.musicfs.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the configuration has to know of a type of origin. Backends bring it; nothing in here touches disk or network.
 */
public interface OriginType {
    /** The value of {@code type}, such as {@code sftp}. */
    String name();

    /** What it is and what there is to know of it, in a line or two. */
    String help();

    /** The schemes of the URLs that {@code --origin} takes for this type; such a URL becomes the key {@code url}. */
    Set<String> schemes();

    /** Its keys, beside those every origin has. */
    List<OriginKey> keys();

    /** Whether it is reached over a network, so that it can be away at any time and its files go through the store. */
    boolean remote();

    /** How many requests it may have at a time unless {@code concurrency} says otherwise. */
    int defaultConcurrency();

    /** How long one request may take unless {@code timeout} says otherwise. */
    default Duration defaultTimeout() {
        return Duration.ofSeconds(10);
    }

    /** What is wrong with its own keys taken together; each a phrase that begins with the key, such as "url must ...". */
    default List<String> problems(OriginSettings settings) {
        return List.of();
    }

    /** The directory of this machine that it reads, for types that read one. */
    default Optional<Path> directory(OriginSettings settings) {
        return Optional.empty();
    }
}
