-- Words of what was said in cases, cut so that Japanese, Chinese and Thai are found too.

{words};

{words_index};
