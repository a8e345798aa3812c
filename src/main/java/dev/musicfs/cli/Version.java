package dev.musicfs.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The project's version, written into a resource by the build. */
final class Version implements IVersionProvider {
    private static final String RESOURCE = "/dev/musicfs/version.properties";

    @Override
    public String[] getVersion() throws IOException {
        try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the class path");
            }
            Properties properties = new Properties();
            properties.load(in);
            return new String[] {"musicfs " + properties.getProperty("version", "unknown")};
        }
    }
}
