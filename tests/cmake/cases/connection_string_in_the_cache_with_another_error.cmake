# SPDX-License-Identifier: Apache-2.0
# The folder is missing, too: the cache is written after any error.
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=SHOP_URL "-DSHOP_URL:STRING=host=db password=hunter2"
# fails: SHOP_URL, the name in PGRATCHET_URL_VARIABLE, is a variable of CMake's
# nowhere: hunter2
pgratchet_add_migrations(shop DIRECTORY migrations)
