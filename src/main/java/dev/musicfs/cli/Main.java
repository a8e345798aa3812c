package dev.musicfs.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Process entry. */
public final class Main {
    private static final String VERSION_RESOURCE = "/dev/musicfs/version.properties";

    private Main() {}

    public static void main(String[] args) {
        System.out.println("musicfs " + version());
    }

    /** The project version, written into the resource by the build. */
    static String version() {
        try (InputStream in = Main.class.getResourceAsStream(VERSION_RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(VERSION_RESOURCE + " is missing from the class path");
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
