package dev.musicfs.config;

import dev.musicfs.origin.OriginBackend;
import dev.musicfs.testkit.GeneratedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The example file and the reference are made from the table of keys. That the example loads is in ConfigLoaderTest. */
class GeneratedConfigTest {
    // Those that come with the program: the tests bring one more.
    private static final List<OriginType> TYPES = ServiceLoader.load(OriginBackend.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(backend -> backend.getClass().getPackageName().startsWith("dev.musicfs.origin"))
            .map(OriginBackend::type)
            .toList();

    @Test
    void theExampleFileIsMadeFromTheTableOfKeys() throws IOException {
        GeneratedFile file = new GeneratedFile(Path.of("conf/musicfs.toml"), GeneratedConfigTest.class);
        file.check(ExampleFile.of(TYPES, file.command()));
    }

    @Test
    void theReferenceIsMadeFromTheTableOfKeys() throws IOException {
        GeneratedFile file = new GeneratedFile(Path.of("docs/CONFIGURATION.md"), GeneratedConfigTest.class);
        file.check(ConfigurationPage.of(TYPES, file.command()));
    }
}
