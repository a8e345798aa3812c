package dev.musicfs.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One step of the schema.
 *
 * @param version the schema's version after it, 1 for the first
 * @param name what it is called in the history
 * @param sql its statements
 */
record Migration(int version, String name, String sql) {
    private static final Pattern RESOURCE = Pattern.compile("V(\\d+)__(\\w+)\\.sql");

    /** From a resource {@code V<version>__<name>.sql} beside this class. */
    static Migration ofResource(String resource) {
        Matcher matcher = RESOURCE.matcher(resource);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not the name of a migration: " + resource);
        }
        try (InputStream in = Migration.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + resource);
            }
            return new Migration(
                    Integer.parseInt(matcher.group(1)),
                    matcher.group(2),
                    new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
