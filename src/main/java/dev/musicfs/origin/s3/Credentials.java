package dev.musicfs.origin.s3;

import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.Secret;
import java.util.Map;
import java.util.Optional;

/** With what requests are signed. Never shown. */
final class Credentials {
    private final String accessKey;
    private final String secretKey;
    private final Optional<String> sessionToken;

    Credentials(String accessKey, String secretKey, Optional<String> sessionToken) {
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.sessionToken = sessionToken;
    }

    /**
     * Those of the configuration, else those of the environment as every S3 client reads them, else none: requests then
     * go unsigned.
     *
     * @throws dev.musicfs.failure.MusicFsException {@code REJECTED} when a secret cannot be read
     */
    static Optional<Credentials> readBlocking(OriginSettings settings, Map<String, String> environment) {
        Optional<Secret> accessKey = settings.secret("access_key");
        Optional<Secret> secretKey = settings.secret("secret_key");
        if (accessKey.isPresent() && secretKey.isPresent()) {
            return Optional.of(new Credentials(
                    accessKey.get().readBlocking(),
                    secretKey.get().readBlocking(),
                    settings.secret("session_token").map(Secret::readBlocking)));
        }
        Optional<String> id = variable(environment, "AWS_ACCESS_KEY_ID");
        Optional<String> secret = variable(environment, "AWS_SECRET_ACCESS_KEY");
        return id.isPresent() && secret.isPresent()
                ? Optional.of(new Credentials(id.get(), secret.get(), variable(environment, "AWS_SESSION_TOKEN")))
                : Optional.empty();
    }

    String accessKey() {
        return accessKey;
    }

    String secretKey() {
        return secretKey;
    }

    Optional<String> sessionToken() {
        return sessionToken;
    }

    @Override
    public String toString() {
        return "credentials";
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
