# SPDX-License-Identifier: Apache-2.0
# fails: DIRECTORY "[^"]*/no_such_folder" does not exist
pgratchet_add_migrations(shop DIRECTORY no_such_folder)
