package dev.musicfs.origin.s3;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginKey;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.OriginType;
import dev.musicfs.config.ServerType;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Buckets of Amazon S3 and of everything that speaks its protocol: {@code type = "s3"}. */
public final class S3Backend implements OriginBackend {
    private static final OriginType TYPE = new ServerType(
            "s3",
            "Any S3-compatible store.",
            Set.of("s3"),
            List.of(
                    OriginKey.required(
                            "url", OriginKey.Kind.TEXT, "the bucket, and a prefix in it", "s3://bucket/prefix"),
                    OriginKey.optional("endpoint", OriginKey.Kind.TEXT, "without it Amazon's, by region")
                            .shown("https://s3.example"),
                    OriginKey.optional("region", OriginKey.Kind.TEXT, "where the bucket is, unless the endpoint says")
                            .shown("us-east-1"),
                    OriginKey.optional(
                                    "path_style",
                                    OriginKey.Kind.FLAG,
                                    "the bucket in the path of requests, not in the host; the default with an endpoint")
                            .shown("true"),
                    OriginKey.optional(
                                    "access_key", OriginKey.Kind.SECRET, "without any, AWS_* variables, else unsigned")
                            .shown("MUSIC_KEY"),
                    OriginKey.optional("secret_key", OriginKey.Kind.SECRET, "belongs to access_key")
                            .shown("MUSIC_SECRET"),
                    OriginKey.optional("session_token", OriginKey.Kind.SECRET, "of temporary keys")),
            S3Backend::problems);

    /** For the service loader. */
    public S3Backend() {}

    @Override
    public OriginType type() {
        return TYPE;
    }

    @Override
    public Origin create(OriginConfig config, BackendContext context) {
        return new S3Origin(config, context, System.getenv());
    }

    private static List<String> problems(OriginSettings settings) {
        List<String> problems = new ArrayList<>();
        try {
            Location.of(settings);
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        boolean accessKey = settings.secret("access_key").isPresent();
        if (accessKey != settings.secret("secret_key").isPresent()) {
            problems.add(
                    accessKey
                            ? "access_key is of no use without secret_key"
                            : "secret_key is of no use without access_key");
        } else if (!accessKey && settings.secret("session_token").isPresent()) {
            problems.add("session_token is of no use without access_key and secret_key");
        }
        return problems;
    }
}
