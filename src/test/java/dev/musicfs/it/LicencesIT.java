package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The jar brings what the licences of the software in it ask for. */
class LicencesIT {
    @Test
    void everyLibraryInTheJarIsListedWithItsLicence() throws IOException {
        try (JarFile jar = jar()) {
            List<String> listed = text(jar, "META-INF/THIRD-PARTY.txt").lines().toList();
            List<String> libraries = libraries(jar);
            // What a library's jar brings of another is not in the build's list.
            libraries.removeIf(library -> library.startsWith("org.jctools:"));
            assertThat(text(jar, "META-INF/NOTICE")).contains("org.jctools");
            assertThat(libraries).hasSizeGreaterThan(20);
            for (String library : libraries) {
                assertThat(listed)
                        .as(library)
                        .anyMatch(line -> line.contains("(" + library + " ") && line.matches(" +\\([^)]+\\) .*"));
            }
        }
    }

    @Test
    void theTextsOfTheLicencesAreInTheJarOursFirst() throws IOException {
        try (JarFile jar = jar()) {
            assertThat(text(jar, "META-INF/LICENSE").stripLeading()).startsWith("Apache License");
            assertThat(text(jar, "META-INF/NOTICE")).startsWith("MusicFS\n").contains("jnr-posix", "Jackson");
            assertThat(text(jar, "META-INF/licenses/LGPL-2.1.txt"))
                    .contains("GNU LESSER GENERAL PUBLIC LICENSE", "Version 2.1, February 1999");
            for (String name :
                    List.of("LGPL-3.0", "GPL-3.0", "MIT", "BSD-3-Clause-ASM", "BSD-3-Clause-ANTLR", "CC0-1.0")) {
                assertThat(text(jar, "META-INF/licenses/" + name + ".txt"))
                        .as(name)
                        .hasSizeGreaterThan(1_000);
            }
        }
    }

    /** As group, artifact and version, of all that say so in the jar; ours is not one of them. */
    private static List<String> libraries(JarFile jar) throws IOException {
        List<String> libraries = new ArrayList<>();
        for (ZipEntry entry : jar.stream().toList()) {
            if (entry.getName().matches("META-INF/maven/.*/pom\\.properties")) {
                Properties properties = new Properties();
                try (InputStream in = jar.getInputStream(entry)) {
                    properties.load(in);
                }
                if (!properties.getProperty("groupId").equals("dev.musicfs")) {
                    libraries.add(properties.getProperty("groupId") + ":" + properties.getProperty("artifactId") + ":"
                            + properties.getProperty("version"));
                }
            }
        }
        return libraries;
    }

    private static String text(JarFile jar, String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        assertThat(entry).as(name).isNotNull();
        try (InputStream in = jar.getInputStream(entry)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JarFile jar() throws IOException {
        return new JarFile(System.getProperty("musicfs.jar"));
    }
}
