package dev.musicfs.origin.s3;

/** An origin that is part of a bucket keeps the same promises. */
final class S3PrefixTest extends S3OriginTest {
    @Override
    protected String prefix() {
        return "my music/\u00e4+b/";
    }

    /** It takes long and a prefix makes no difference to it: no test here. */
    @Override
    void listsADirectoryOfAHundredThousandFilesPageByPage() {}
}
