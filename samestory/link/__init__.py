"""Link: joins entities, utterances and links across articles, once over the whole corpus."""
